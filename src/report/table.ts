/** One column of a table: how a row's cell reads, and on which side it is aligned. */
export interface Column<Row> {
  readonly title: string
  readonly align?: 'left' | 'right'
  readonly cell: (row: Row) => string | number
}

/** Aligned plain text with a rule under the header: reads well in a terminal and pastes well into a mail. */
export function textTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => String(column.cell(row))))
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
