import type { GraphOperation, OpEdge } from '../../model/index.js'
import { NumberReader, tokenLines } from './lines.js'
import { machines, timeTable, type PlaceNetwork, type TimeRow } from './place-network.js'

/**
 * Reads a job shop in the OR-Library form: `jobs machines`, then per job pairs `machine duration`.
 * @throws InputError with every problem
 */
export function readJobShop(text: string, file: string): PlaceNetwork {
  return readShop(text, file, 'job-shop', (next) => [[next('a machine'), next('a duration')]])
}

/**
 * Reads a flexible job shop (Brandimarte's form): `jobs machines [average]`, then per job the number of operations and
 * per operation the number of choices and as many pairs `machine duration`; machines count from 1.
 * @throws InputError with every problem
 */
export function readFlexibleJobShop(text: string, file: string): PlaceNetwork {
  return readShop(text, file, 'flexible-job-shop', (next) => {
    const choices = next('a number of choices')
    return Array.from({ length: choices }, (): [number, number] => [
      next('a machine') - 1,
      next('a duration'),
    ])
  })
}

type Next = (what: string) => number

function readShop(
  text: string,
  file: string,
  form: 'job-shop' | 'flexible-job-shop',
  readChoices: (next: Next) => [number, number][],
): PlaceNetwork {
  const reader = new NumberReader('E-SHOP-001')
  const lines = tokenLines(text, file, /#.*$/)
  const head = lines[0] ?? []
  const start = head[0]?.at ?? { file, line: 1, column: 1 }
  const jobs = reader.number(head[0], 'the number of jobs', start)
  const count = reader.number(head[1], 'the number of machines', start)
  if (lines.length - 1 < jobs)
    reader.note(start, `expected ${jobs} lines of jobs, found ${lines.length - 1}`)
  const names = Array.from({ length: count }, (_, m) => `m${m}`)
  const operations: GraphOperation[] = []
  const edges: OpEdge[] = []
  const times = new Map<string, TimeRow>()
  lines.slice(1, 1 + jobs).forEach((line, job) => {
    let cursor = 0
    const next: Next = (what) => {
      const token = line[cursor++]
      return reader.number(token, what, line[line.length - 1].at)
    }
    const steps =
      form === 'job-shop'
        ? Math.floor(line.length / 2)
        : Math.min(next('a number of operations'), line.length)
    for (let step = 0; step < steps; step++) {
      const position = line[Math.min(cursor, line.length - 1)].at
      const choices = readChoices(next)
      const row: Record<string, number> = {}
      for (const [machine, time] of choices) {
        if (machine < 0 || machine >= count)
          reader.note(position, `job ${job} names machine ${machine}, there are ${count}`)
        row[`m${machine}`] = time
      }
      const name = `j${job}o${step}`
      if (step > 0) edges.push({ from: operations.length - 1, to: operations.length, volume: 0 })
      operations.push({ name, type: 'task' })
      times.set(name, row)
    }
    if (cursor < line.length)
      reader.note(line[cursor].at, `job ${job} has ${line.length - cursor} numbers too many`)
  })
  if (operations.length === 0) reader.note(start, 'there is no operation')
  reader.finish()
  return {
    form,
    graph: { kind: 'op-graph', name: file, operations, edges },
    costs: timeTable(times),
    soc: machines(file, names),
  }
}
