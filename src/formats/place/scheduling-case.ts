import { z } from 'zod'
import { InputError, type Diagnostic } from '../../base/index.js'
import { parseYaml, type ParsedYaml } from '../parse-yaml.js'
import { machines, timeTable, type PlaceNetwork, type TimeRow } from './place-network.js'

/** JSON of one task-graph benchmark: tasks with a cost per processor, edges with communication. */
export const schedulingCaseSchema = z.looseObject({
  schema: z.string().optional(),
  id: z.string(),
  processors: z.array(z.string()).min(1),
  tasks: z
    .array(z.looseObject({ id: z.string(), cost: z.array(z.number().min(0).nullable()) }))
    .min(1),
  edges: z.array(z.tuple([z.int().min(0), z.int().min(0), z.number().min(0)])),
  commFactor: z.array(z.array(z.number().min(0))).optional(),
})

/**
 * Reads a scheduling case; the graph and its processors come from the one file, times are in the file's unit.
 * @throws InputError with every problem
 */
export function readSchedulingCase(text: string, file: string): PlaceNetwork {
  const parsed = parseCase(text, file)
  const { id, processors, tasks, edges, commFactor } = parsed.value
  const problems: Diagnostic[] = []
  tasks.forEach((task, t) => {
    if (task.cost.length !== processors.length) {
      problems.push({
        code: 'E-CASE-001',
        at: parsed.at(['tasks', t, 'cost']),
        message: `task "${task.id}" has ${task.cost.length} costs, there are ${processors.length} processors`,
      })
    }
  })
  edges.forEach(([from, to], e) => {
    for (const end of [from, to]) {
      if (end < tasks.length) continue
      problems.push({
        code: 'E-CASE-002',
        at: parsed.at(['edges', e]),
        message: `edge ${from} → ${to} names task ${end}, there are ${tasks.length} tasks`,
      })
    }
  })
  const factor =
    commFactor ?? processors.map((_, p) => processors.map((__, q) => (p === q ? 0 : 1)))
  if (
    factor.length !== processors.length ||
    factor.some((row) => row.length !== processors.length)
  ) {
    problems.push({
      code: 'E-CASE-003',
      at: parsed.at(['commFactor']),
      message: `commFactor must be a ${processors.length} × ${processors.length} matrix`,
    })
  }
  if (problems.length > 0) throw new InputError(problems)
  // Task names may repeat in such files; their numbers do not.
  const names = uniqueNames(tasks.map((task) => task.id))
  return {
    form: 'scheduling-case',
    graph: {
      kind: 'op-graph',
      name: id,
      operations: names.map((name) => ({ name, type: 'task' })),
      edges: edges.map(([from, to, volume]) => ({ from, to, volume })),
    },
    costs: timeTable(
      new Map(
        tasks.map((task, t): [string, TimeRow] => [
          names[t],
          Object.fromEntries(task.cost.map((cost, p) => [processors[p], cost ?? undefined])),
        ]),
      ),
    ),
    soc: {
      ...machines(id, processors),
      interconnect: { kind: 'links', latencyUs: 0, usPerVolume: factor, contention: false },
    },
  }
}

type Case = z.infer<typeof schedulingCaseSchema>

/** Plain JSON is read at once; only a file with problems pays for a parse that knows positions. */
function parseCase(text: string, file: string): ParsedYaml<Case> {
  try {
    const parsed = schedulingCaseSchema.safeParse(JSON.parse(text))
    if (parsed.success) {
      let located: ParsedYaml<Case> | undefined
      return {
        value: parsed.data,
        at: (path) => (located ??= parseYaml(text, file, schedulingCaseSchema)).at(path),
      }
    }
  } catch {
    // Not JSON; the YAML parser says where.
  }
  return parseYaml(text, file, schedulingCaseSchema)
}

/** The names, with a number appended where one repeats. */
export function uniqueNames(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let i = 2; seen.has(unique); i++) unique = `${name} (${i})`
    seen.add(unique)
    return unique
  })
}
