import type { GraphOperation, OpEdge } from '../../model/index.js'
import { NumberReader, tokenLines } from './lines.js'
import { timeTable, type PlaceNetwork, type TimeRow } from './place-network.js'

/**
 * Reads a graph of the Standard Task Graph Set: the number of tasks (dummy entry and exit not counted), then per line
 * task, time, number of predecessors, predecessors. The processors are identical: any core kind takes the same time.
 * @throws InputError with every problem
 */
export function readStg(text: string, file: string): PlaceNetwork {
  const reader = new NumberReader('E-STG-001')
  const lines = tokenLines(text, file, /#.*$/)
  const start = lines[0]?.[0]?.at ?? { file, line: 1, column: 1 }
  const stated = reader.number(lines[0]?.[0], 'the number of tasks', start)
  const body = lines.slice(1)
  if (body.length < stated)
    reader.note(start, `${stated} tasks are announced, ${body.length} lines follow`)
  const operations: GraphOperation[] = []
  const edges: OpEdge[] = []
  const times = new Map<string, TimeRow>()
  body.forEach((line, t) => {
    const at = line[0].at
    const id = reader.number(line[0], 'a task number', at)
    if (id !== t) reader.note(at, `expected task ${t}, found ${id}`)
    const time = reader.number(line[1], 'a time', at, false)
    const count = reader.number(line[2], 'a number of predecessors', at)
    for (let i = 0; i < Math.min(count, line.length); i++) {
      const from = reader.number(line[3 + i], 'a predecessor', at)
      if (from >= body.length) reader.note(line[3 + i]?.at ?? at, `there is no task ${from}`)
      else edges.push({ from, to: t, volume: 0 })
    }
    operations.push({ name: `t${t}`, type: 'task' })
    times.set(`t${t}`, { '*': time })
  })
  reader.finish()
  return {
    form: 'stg',
    graph: { kind: 'op-graph', name: file, operations, edges },
    costs: timeTable(times),
  }
}
