import { z } from 'zod'
import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import type { OpEdge } from '../../model/index.js'
import { parseYaml } from '../parse-yaml.js'
import { timeTable, type PlaceNetwork, type TimeRow } from './place-network.js'

const operationSchema = z.strictObject({
  name: z.string().min(1),
  type: z.string().min(1).describe('operator type, e.g. Conv2D'),
  timesUs: z
    .record(z.string(), z.number().min(0))
    .describe('execution time per core kind; a kind that is missing cannot run it'),
  after: z
    .array(z.union([z.string(), z.strictObject({ from: z.string(), volume: z.number().min(0) })]))
    .default([])
    .describe('operations whose output is read, with the bytes handed over'),
  outputVolume: z
    .number()
    .min(0)
    .default(0)
    .describe('bytes (or elements) that every reader gets, where `after` does not say otherwise'),
  weightBytes: z.number().min(0).optional(),
})

/** YAML form of an operation graph with execution times: `kind: op-graph`. */
export const opGraphSchema = z.strictObject({
  kind: z.literal('op-graph'),
  name: z.string().min(1),
  source: z.string().optional(),
  periodUs: z.number().positive().optional().describe('distance between two inputs'),
  deadlineUs: z.number().positive().optional().describe('time allowed per input'),
  operations: z.array(operationSchema).min(1),
})

/**
 * Reads an operation graph from YAML or JSON.
 * @throws InputError with every problem
 */
export function readOpGraph(text: string, file: string): PlaceNetwork {
  const parsed = parseYaml(text, file, opGraphSchema)
  const { name, operations, periodUs, deadlineUs } = parsed.value
  const problems: Diagnostic[] = []
  const index = new Map<string, number>()
  operations.forEach((operation, i) => {
    if (index.has(operation.name)) {
      problems.push({
        code: 'E-OPG-001',
        at: parsed.at(['operations', i, 'name']),
        message: `there are two operations named "${operation.name}"`,
      })
    } else index.set(operation.name, i)
  })
  const edges: OpEdge[] = []
  operations.forEach((operation, to) => {
    operation.after.forEach((each, j) => {
      const source = typeof each === 'string' ? each : each.from
      const from = index.get(source)
      if (from === undefined) {
        problems.push({
          code: 'E-OPG-002',
          at: parsed.at(['operations', to, 'after', j]),
          message: `"${operation.name}" comes after "${source}", which is no operation`,
          hint: suggestName(source, index.keys()),
        })
        return
      }
      const volume = typeof each === 'string' ? operations[from].outputVolume : each.volume
      edges.push({ from, to, volume })
    })
  })
  if (problems.length > 0) throw new InputError(problems)
  edges.sort((a, b) => a.from - b.from)
  return {
    form: 'op-graph',
    graph: {
      kind: 'op-graph',
      name,
      operations: operations.map(({ name, type, weightBytes }) => ({
        name,
        type,
        ...(weightBytes === undefined ? {} : { weightBytes }),
      })),
      edges,
    },
    costs: timeTable(
      new Map(operations.map((each): [string, TimeRow] => [each.name, each.timesUs])),
    ),
    ...(periodUs === undefined ? {} : { periodUs }),
    ...(deadlineUs === undefined ? {} : { deadlineUs }),
  }
}
