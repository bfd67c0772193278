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

test('wraps the words of a last column where the width is limited', () => {
  const words: readonly Column<string>[] = [
    { title: 'n', align: 'left', cell: (row) => row[0] },
    { title: 'words', align: 'left', cell: (row) => row },
  ]
  const long = 'one two three four five six seven eight'
  expect(textTable(words, [long, 'short'], 30).split('\n')).toEqual([
    'n  words',
    '─  ───────────────────────────',
    'o  one two three four five six',
    '   seven eight',
    's  short',
  ])
  expect(textTable(words, [long]).split('\n')).toHaveLength(3)
})

test('quotes what CSV must quote', () => {
  expect(csvTable(columns, [{ name: 'a,"b"', value: 2 }])).toBe('name,value\n"a,""b""",2\n')
})
