import type { GraphOperation, OpEdge } from '../../model/index.js'
import { NumberReader, tokenLines, type Token } from './lines.js'
import { timeTable, type PlaceNetwork, type TimeRow } from './place-network.js'

interface Block {
  readonly name: string
  readonly head: Token
  readonly lines: Token[][]
}

/**
 * Reads a file of TGFF (Dick, Rhodes, Wolf 1998): all task graphs of the file as one network, task types as operator
 * types, and as times the tables whose columns include `type` and an execution time (`exec_time`, `task_time`, `time`);
 * each such table is a core kind named like its block and number, e.g. `PE_0`. Arcs carry the quantity of the table
 * whose name says COMMUN, where it has one. Times are taken as microseconds.
 * @throws InputError with every problem
 */
export function readTgff(text: string, file: string): PlaceNetwork {
  const reader = new NumberReader('E-TGFF-001')
  const blocks = splitBlocks(text, file, reader)
  const graphs = blocks.filter((block) => /TASK_GRAPH/.test(block.name))
  const tables = blocks.filter((block) => !graphs.includes(block))
  const quantities = readQuantities(tables)
  const operations: GraphOperation[] = []
  const edges: OpEdge[] = []
  let deadlineUs = 0
  let periodUs = 0
  for (const graph of graphs) {
    const base = operations.length
    const local = new Map<string, number>()
    const prefix = graphs.length > 1 ? `${graph.name.replace('TASK_GRAPH_', 'g')}.` : ''
    for (const line of graph.lines) {
      const words = line.map((token) => token.text)
      if (words[0] === 'TASK') {
        local.set(words[1], operations.length)
        operations.push({ name: prefix + words[1], type: words[3] ?? '0' })
      } else if (words[0] === 'ARC') {
        const [, , , from, , to, , type] = words
        const u = local.get(from)
        const v = local.get(to)
        if (u === undefined || v === undefined)
          reader.note(line[0].at, `arc ${words[1]} joins "${from}" and "${to}", not both are tasks`)
        else edges.push({ from: u, to: v, volume: quantities.get(type) ?? 0 })
      } else if (words[0].endsWith('DEADLINE')) {
        deadlineUs = Math.max(deadlineUs, Number(words[words.length - 1]) || 0)
      } else if (words[0] === 'PERIOD') periodUs = Math.max(periodUs, Number(words[1]) || 0)
    }
    if (operations.length === base) reader.note(graph.head.at, `${graph.name} has no TASK`)
  }
  if (graphs.length === 0)
    reader.note({ file, line: 1, column: 1 }, 'there is no @TASK_GRAPH block')
  const kinds = tables.flatMap((table) => {
    const times = timeColumn(table)
    return times === undefined ? [] : [{ name: table.name, times }]
  })
  reader.finish()
  const rows = new Map<string, TimeRow>()
  for (const operation of operations) {
    rows.set(
      operation.name,
      Object.fromEntries(kinds.map(({ name, times }) => [name, times.get(operation.type)])),
    )
  }
  return {
    form: 'tgff',
    graph: { kind: 'op-graph', name: file, operations, edges },
    ...(kinds.length === 0
      ? {}
      : {
          costs: timeTable(rows),
          soc: {
            kind: 'soc' as const,
            name: file,
            cores: kinds.map(({ name }) => ({ name, count: 1 })),
          },
        }),
    ...(deadlineUs > 0 ? { deadlineUs } : {}),
    ...(periodUs > 0 ? { periodUs } : {}),
  }
}

function splitBlocks(text: string, file: string, reader: NumberReader): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  // Column names stand in a comment line, so comments are kept and told apart below.
  for (const line of tokenLines(text, file, /(?!)/)) {
    const first = line[0].text
    if (first.startsWith('@') && line.some((token) => token.text === '{')) {
      const words = line.map((token) => token.text).filter((word) => word !== '{')
      open = { name: words.join('_').slice(1), head: line[0], lines: [] }
      blocks.push(open)
    } else if (first === '}') open = undefined
    else if (open !== undefined) open.lines.push(line)
  }
  if (open !== undefined) reader.note(open.head.at, `the block ${open.name} is not closed by "}"`)
  return blocks
}

/** Execution time by task type of a processor table, or undefined when the block is no such table. */
function timeColumn(table: Block): Map<string, number> | undefined {
  const header = table.lines
    .filter((line) => line[0].text.startsWith('#'))
    .map((line) => line.map((token) => token.text.replace(/^#/, '')).filter((word) => word !== ''))
    .find((words) => words[0] === 'type' && words.length > 1)
  if (header === undefined || /COMMUN/.test(table.name)) return undefined
  const column = header.findIndex((word) => /^(exec|task)?_?time$/.test(word))
  if (column < 0) return undefined
  const valid = header.indexOf('valid')
  const times = new Map<string, number>()
  for (const line of table.lines) {
    if (line[0].text.startsWith('#') || line.length < header.length) continue
    if (valid >= 0 && Number(line[valid].text) === 0) continue
    times.set(line[0].text, Number(line[column].text))
  }
  return times
}

function readQuantities(tables: readonly Block[]): Map<string, number> {
  const quantities = new Map<string, number>()
  for (const table of tables.filter((each) => /COMMUN/.test(each.name))) {
    for (const line of table.lines) {
      if (line[0].text.startsWith('#') || line.length < 2) continue
      quantities.set(line[0].text, Number(line[1].text) || 0)
    }
  }
  return quantities
}
