/** One column of a table: how a row's cell reads, and on which side it is aligned. */
export interface Column<Row> {
  readonly title: string
  readonly align?: 'left' | 'right'
  readonly cell: (row: Row) => string | number
}

/** A last column is not wrapped narrower than this. */
const LEAST_WRAPPED = 24

/**
 * Aligned plain text with a rule under the header: reads well in a terminal and pastes well into a mail.
 * @param mostWidth characters per line, if there is a limit: a last column of words is wrapped to hold it
 */
export function textTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  mostWidth = Infinity,
): string {
  const whole = rows.map((row) => columns.map((column) => String(column.cell(row))))
  const cells = wrapLast(columns, whole, mostWidth)
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...cells.map((row) => row[i].length)),
  )
  const line = (values: readonly string[]): string =>
    values
      .map((value, i) =>
        columns[i].align === 'left' ? value.padEnd(widths[i]) : value.padStart(widths[i]),
      )
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [line(columns.map((column) => column.title)), rule, ...cells.map(line)].join('\n')
}

/** Breaks the words of the last column into lines of their own where a row would be longer than `mostWidth`. */
function wrapLast<Row>(
  columns: readonly Column<Row>[],
  rows: readonly (readonly string[])[],
  mostWidth: number,
): readonly (readonly string[])[] {
  const last = columns.length - 1
  if (columns[last]?.align !== 'left') return rows
  const before = columns
    .slice(0, last)
    .reduce(
      (sum, { title }, i) => sum + 2 + Math.max(title.length, ...rows.map((row) => row[i].length)),
      0,
    )
  const room = Math.max(LEAST_WRAPPED, mostWidth - before)
  return rows.flatMap((row) =>
    linesOf(row[last], room).map((text, i) => [
      ...row.slice(0, last).map((cell) => (i === 0 ? cell : '')),
      text,
    ]),
  )
}

function linesOf(text: string, room: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1]
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= room || line === '') lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** RFC 4180 text of the same table, numbers unformatted when `cell` returns numbers. */
export function csvTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const quote = (value: string | number): string => {
    const text = String(value)
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = [
    columns.map((column) => quote(column.title)),
    ...rows.map((row) => columns.map((column) => quote(column.cell(row)))),
  ]
  return lines.map((cells) => cells.join(',') + '\n').join('')
}
