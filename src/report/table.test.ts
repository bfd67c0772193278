import { expect, test } from 'vitest'
import { csvTable, textTable, type Column } from './table.js'

interface Row {
  readonly name: string
  readonly value: number
}
const columns: readonly Column<Row>[] = [
  { title: 'name', align: 'left', cell: (row) => row.name },
  { title: 'value', cell: (row) => row.value },
]

test('aligns text left and numbers right', () => {
  const text = textTable(columns, [
    { name: 'a', value: 1 },
    { name: 'long', value: 12345 },
  ])
  expect(text).toBe('name  value\n────  ─────\na         1\nlong  12345')
})

test('quotes what CSV must quote', () => {
  expect(csvTable(columns, [{ name: 'a,"b"', value: 2 }])).toBe('name,value\n"a,""b""",2\n')
})
