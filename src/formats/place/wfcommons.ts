import { z } from 'zod'
import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import type { OpEdge } from '../../model/index.js'
import { parseYaml } from '../parse-yaml.js'
import { timeTable, type PlaceNetwork, type TimeRow } from './place-network.js'

const fileList = z.array(z.string()).default([])

/** WfFormat (WfCommons) 1.4 and 1.5: a workflow's specification, and the run times of one execution. */
export const wfCommonsSchema = z.looseObject({
  name: z.string().default('workflow'),
  workflow: z.looseObject({
    specification: z.looseObject({
      tasks: z
        .array(
          z.looseObject({
            name: z.string(),
            id: z.string(),
            parents: z.array(z.string()).default([]),
            inputFiles: fileList,
            outputFiles: fileList,
          }),
        )
        .min(1),
      files: z.array(z.looseObject({ id: z.string(), sizeInBytes: z.number().min(0) })).default([]),
    }),
    execution: z.looseObject({
      tasks: z.array(z.looseObject({ id: z.string(), runtimeInSeconds: z.number().min(0) })),
    }),
  }),
})

/**
 * Reads a WfCommons workflow. Run times hold for every core kind (times its `speed`); an edge carries the files that
 * the producer writes and the consumer reads. Seconds become microseconds.
 * @throws InputError with every problem
 */
export function readWfCommons(text: string, file: string): PlaceNetwork {
  const parsed = parseYaml(text, file, wfCommonsSchema)
  const { specification, execution } = parsed.value.workflow
  const { tasks } = specification
  const size = new Map(specification.files.map((each) => [each.id, each.sizeInBytes]))
  const runtime = new Map(execution.tasks.map((each) => [each.id, each.runtimeInSeconds]))
  const index = new Map(tasks.map((task, t) => [task.id, t]))
  const problems: Diagnostic[] = []
  const edges: OpEdge[] = []
  const times = new Map<string, TimeRow>()
  tasks.forEach((task, to) => {
    const path = ['workflow', 'specification', 'tasks', to]
    const seconds = runtime.get(task.id)
    if (seconds === undefined) {
      problems.push({
        code: 'E-WFC-001',
        at: parsed.at(path),
        message: `task "${task.id}" has no run time among the tasks of the execution`,
        hint: suggestName(task.id, runtime.keys()),
      })
    } else times.set(task.id, { '*': 1e6 * seconds })
    task.parents.forEach((parent, j) => {
      const from = index.get(parent)
      if (from === undefined) {
        problems.push({
          code: 'E-WFC-002',
          at: parsed.at([...path, 'parents', j]),
          message: `task "${task.id}" has the parent "${parent}", which is no task`,
          hint: suggestName(parent, index.keys()),
        })
        return
      }
      const read = new Set(task.inputFiles)
      const volume = tasks[from].outputFiles
        .filter((each) => read.has(each))
        .reduce((sum, each) => sum + (size.get(each) ?? 0), 0)
      edges.push({ from, to, volume })
    })
  })
  if (problems.length > 0) throw new InputError(problems.slice(0, 20))
  return {
    form: 'wfcommons',
    graph: {
      kind: 'op-graph',
      name: parsed.value.name,
      operations: tasks.map((task) => ({ name: task.id, type: task.name })),
      edges,
    },
    costs: timeTable(times),
  }
}
