import { InputError, suggestName, type Diagnostic } from '../../base/index.js'

/** A CSV table of numbers: columns by name, and the line of each row for messages. */
export interface NumericCsv {
  readonly columns: ReadonlyMap<string, Float64Array>
  readonly rowCount: number
  /** Line of the file, counting from 1, on which a row stands. */
  readonly lines: Int32Array
  /** `# key: value` lines before the header. */
  readonly remarks: ReadonlyMap<string, string>
}

const MAX_PROBLEMS = 20

/** Names of the columns, from the first line that is no comment. */
export function csvHeader(text: string): string[] {
  for (const line of text.slice(0, 8000).split('\n')) {
    const trimmed = line.replace(/^\uFEFF/, '').trim()
    if (trimmed !== '' && !trimmed.startsWith('#')) return trimmed.split(',').map(unquote)
  }
  return []
}

/**
 * Reads the wanted columns of a CSV file; others are ignored, as is the order of columns.
 * @throws InputError with every missing column and every cell that is not a finite number (up to 20)
 */
export function parseNumericCsv(text: string, file: string, wanted: readonly string[]): NumericCsv {
  const remarks = new Map<string, string>()
  const problems: Diagnostic[] = []
  const rows: string[][] = []
  const rowLines: number[] = []
  let header: string[] | undefined
  let headerLine = 1
  text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .forEach((raw, index) => {
      const line = raw.trim()
      if (line === '') return
      if (line.startsWith('#')) {
        const remark = /^#\s*([\w-]+)\s*:\s*(.*)$/.exec(line)
        if (remark && header === undefined) remarks.set(remark[1].toLowerCase(), remark[2])
        return
      }
      const cells = line.split(',').map(unquote)
      if (header === undefined) {
        header = cells
        headerLine = index + 1
        return
      }
      rows.push(cells)
      rowLines.push(index + 1)
    })
  const names = header ?? []
  if (names.length === 0) {
    throw new InputError({
      code: 'E-TRC-001',
      at: { file, line: 1 },
      message: 'the file is empty, expected a header line',
    })
  }
  const places = wanted.map((name) => names.indexOf(name))
  places.forEach((place, i) => {
    if (place >= 0) return
    problems.push({
      code: 'E-TRC-002',
      at: { file, line: headerLine },
      message: `there is no column "${wanted[i]}"; found ${names.join(', ')}`,
      hint: suggestName(wanted[i], names),
    })
  })
  if (problems.length > 0) throw new InputError(problems)
  if (rows.length === 0) {
    throw new InputError({
      code: 'E-TRC-003',
      at: { file, line: headerLine },
      message: 'there are no rows below the header',
    })
  }
  const columns = new Map(wanted.map((name) => [name, new Float64Array(rows.length)]))
  rows.forEach((cells, r) => {
    wanted.forEach((name, i) => {
      const cell = cells[places[i]]
      const value = cell === undefined || cell === '' ? Number.NaN : Number(cell)
      if (!Number.isFinite(value) && problems.length < MAX_PROBLEMS) {
        problems.push({
          code: 'E-TRC-004',
          at: { file, line: rowLines[r], column: columnOf(cells, places[i]) },
          message:
            cell === undefined
              ? `the row has ${cells.length} cells, column "${name}" is number ${places[i] + 1}`
              : `"${name}" is "${cell}", expected a number`,
        })
      }
      columns.get(name)?.fill(value, r, r + 1)
    })
  })
  if (problems.length > 0) throw new InputError(problems)
  return { columns, rowCount: rows.length, lines: Int32Array.from(rowLines), remarks }
}

function unquote(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1')
}

function columnOf(cells: readonly string[], place: number): number {
  return cells.slice(0, place).reduce((sum, cell) => sum + cell.length + 1, 1)
}
