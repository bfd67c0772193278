import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import { parseJson } from './read-case.js'

/** How a column of times is read. */
export interface ReplayOptions {
  readonly column: string
  /** Seconds per unit of a numeric column. */
  readonly unitS: number
  readonly speedup: number
}

interface Row {
  /** Line of the file, or undefined in JSON. */
  readonly line?: number
  readonly cell: unknown
}

const MAX_PROBLEMS = 20

/**
 * Arrival times out of a trace of requests, in seconds from the first one, ascending. The table is CSV with a header, or
 * JSON with `columns` and `requests` (or `rows`); a cell is a number or a date with time. All other columns are ignored.
 * @throws InputError naming the columns that there are, and every cell that is no time
 */
export function readArrivalTimes(text: string, file: string, options: ReplayOptions): number[] {
  const rows = text.trimStart().startsWith('{')
    ? jsonRows(text, file, options.column)
    : csvRows(text, file, options.column)
  const problems: Diagnostic[] = []
  const times = rows.map(({ line, cell }, i) => {
    const timeS = timeOf(cell, options.unitS)
    if (Number.isNaN(timeS) && problems.length < MAX_PROBLEMS) {
      problems.push({
        code: 'E-REPL-002',
        at: line === undefined ? { file } : { file, line },
        message: `${line === undefined ? `request ${i}: ` : ''}"${options.column}" is ${JSON.stringify(cell)}: expected a number or a date with time`,
      })
    }
    return timeS
  })
  if (rows.length === 0)
    problems.push({ code: 'E-REPL-003', at: { file }, message: 'there are no requests in it' })
  if (problems.length > 0) throw new InputError(problems)
  times.sort((a, b) => a - b)
  const [first] = times
  return times.map((timeS) => (timeS - first) / options.speedup)
}

/** Seconds; NaN for what is no time. Fractions of a second may have more digits than a date object keeps. */
function timeOf(cell: unknown, unitS: number): number {
  if (typeof cell === 'number') return cell * unitS
  if (typeof cell !== 'string' || cell.trim() === '') return Number.NaN
  const number = Number(cell)
  if (!Number.isNaN(number)) return Number.isFinite(number) ? number * unitS : Number.NaN
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(
    cell.trim(),
  )
  if (match === null) return Number.NaN
  return Date.parse(`${match[1]}T${match[2]}${match[4] ?? 'Z'}`) / 1000 + Number(match[3] ?? 0)
}

function csvRows(text: string, file: string, column: string): Row[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const headerAt = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'))
  const cells = (line: string): string[] =>
    line.split(',').map((c) => c.trim().replace(/^"(.*)"$/, '$1'))
  const place = placeOf(cells(lines[headerAt] ?? ''), column, {
    file,
    line: Math.max(1, headerAt + 1),
  })
  return lines.flatMap((line, l) =>
    l <= headerAt || line.trim() === '' || line.startsWith('#')
      ? []
      : [{ line: l + 1, cell: cells(line)[place] }],
  )
}

function jsonRows(text: string, file: string, column: string): Row[] {
  const table = parseJson(text, file) as Readonly<Record<string, unknown>>
  const rows = table['requests'] ?? table['rows']
  const { columns } = table
  if (!Array.isArray(columns) || !Array.isArray(rows) || !rows.every(Array.isArray)) {
    throw new InputError({
      code: 'E-REPL-004',
      at: { file },
      message: 'a table in JSON needs "columns" (names) and "requests" (rows)',
    })
  }
  const place = placeOf(columns.map(String), column, { file })
  return rows.map((row: readonly unknown[]) => ({ cell: row[place] }))
}

function placeOf(
  columns: readonly string[],
  wanted: string,
  at: { readonly file: string; readonly line?: number },
): number {
  const place = columns.indexOf(wanted)
  if (place >= 0) return place
  throw new InputError({
    code: 'E-REPL-001',
    at,
    message: `there is no column "${wanted}"; found ${columns.join(', ')}`,
    hint: suggestName(wanted, columns),
  })
}
