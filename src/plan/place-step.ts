import { checkSchedule, policies } from '../place/index.js'
import type { CostSource, OpGraph, Run, Schedule, SearchStatus, Soc } from '../model/index.js'

/** One network, or several at once, to be placed on the chip; costs as plain tables, so that the step can be cached. */
export interface PlaceStepInput {
  readonly soc: Soc
  readonly graphs: readonly OpGraph[]
  /** [graph][operation][core kind] execution time, µs; null = cannot run there. */
  readonly timesUs: readonly (readonly (readonly (number | null)[])[])[]
  readonly policy: string
}

export interface PlaceStepOutput {
  readonly schedule: Schedule
  readonly makespanUs: number
  readonly lowerBoundUs: number
  readonly status: SearchStatus
  readonly evaluations: number
  readonly method: string
}

/** Places one input of every graph; the result has passed the separate checker. */
export function placeStep(input: PlaceStepInput, run: Run): PlaceStepOutput {
  const request = {
    applications: input.graphs.map((graph) => ({ graph, inputs: 1 })),
    soc: input.soc,
    costs: tableSource(input),
    clockUs: 0,
  }
  const placed = policies[input.policy].place(request, run)
  const { violations } = checkSchedule(request, placed.schedule)
  if (violations.length > 0) throw new Error(`the placement is invalid: ${violations[0].message}`)
  const { schedule, makespanUs, lowerBoundUs, status, evaluations, method } = placed
  return { schedule, makespanUs, lowerBoundUs, status, evaluations, method }
}

function tableSource({ soc, graphs, timesUs }: PlaceStepInput): CostSource {
  const kind = new Map(soc.cores.map((core, k) => [core.name, k]))
  const rows = new Map(
    graphs.flatMap((graph, g) =>
      graph.operations.map((operation, i) => [operation as object, timesUs[g][i]] as const),
    ),
  )
  return {
    cost(operation, core) {
      const time = rows.get(operation)?.[kind.get(core.name) ?? -1]
      return time === undefined || time === null ? undefined : { latencyUs: time }
    },
  }
}
