import { InfeasibleError, type Diagnostic } from '../../base/index.js'
import { hierarchical, schedulingTable } from '../../cost/index.js'
import { optimalOrdering, searchOptimal } from '../../map/index.js'
import {
  tableLayer,
  type HierarchicalAccelerator,
  type Layer,
  type Run,
  type TableAccelerator,
} from '../../model/index.js'
import type { AnyAccelerator } from '../../plan/index.js'
import { busyCycles, type DenseTime } from '../../profile/index.js'

/** One layer whose fastest mapping is wanted. */
export interface DenseTimeJob {
  readonly layer: Layer
  readonly accelerator: AnyAccelerator
  readonly clockMhz: number
}

/** The dense time of the fastest mapping, or why there is none. */
export type DenseTimeOutcome =
  { readonly time: DenseTime } | { readonly infeasible: readonly Diagnostic[] }

export function run({ layer, accelerator, clockMhz }: DenseTimeJob, run: Run): DenseTimeOutcome {
  try {
    const time =
      accelerator.kind === 'table-accelerator'
        ? onTable(layer, accelerator, run)
        : onHierarchy(layer, accelerator, run)
    return { time: { ...withinTotal(time), clockMhz } }
  } catch (error) {
    if (!(error instanceof InfeasibleError)) throw error
    return { infeasible: error.diagnostics }
  }
}

type Time = Omit<DenseTime, 'clockMhz'>

/** Levels of a scheduling table work one after the other. */
function onTable(layer: Layer, accelerator: TableAccelerator, run: Run): Time {
  const nest = tableLayer(layer)
  if (nest === undefined) throw new RangeError(`${layer.operator} is no loop nest with weights`)
  const conventions = schedulingTable.standard
  const found = searchOptimal(
    accelerator,
    nest,
    { metric: 'cycles', dataflow: 'fixed', conventions },
    run,
  )
  const { cost } = found.value
  const cycles = schedulingTable.transferCycles(cost)
  const levels = ['local', 'global', 'dram'] as const
  return {
    computeCycles: cost.latencyCycles.mac,
    transfers: levels.flatMap((memory): Time['transfers'][number][] => {
      const [inputCycles, weightCycles, outputCycles] = cycles[memory]
      const none = { memory, inputCycles: 0, weightCycles: 0, outputCycles: 0 }
      return cost.problem[memory].shared
        ? [{ memory, inputCycles, weightCycles, outputCycles }]
        : [
            { ...none, inputCycles },
            { ...none, weightCycles },
            { ...none, outputCycles },
          ]
    }),
    overlap: 'none',
    totalCycles: cost.latencyCycles.total,
  }
}

/** Ports of a hierarchy work at once; loading and stalls come on top. */
function onHierarchy(layer: Layer, accelerator: HierarchicalAccelerator, run: Run): Time {
  const problem = hierarchical.hierarchicalProblem(layer, accelerator)
  const { cost } = optimalOrdering(problem, { metric: 'cycles' }, run).value
  return {
    computeCycles: cost.latency.temporalCycles,
    transfers: cost.ports.map(({ memory, port, links }) => {
      const of = (operand: string): number =>
        links
          .filter((link) => link.operand === operand)
          .reduce((sum, link) => sum + link.realCycles * link.count, 0)
      return {
        memory: `${memory} ${port}`,
        inputCycles: of('input'),
        weightCycles: of('weight'),
        outputCycles: of('output'),
      }
    }),
    overlap: 'full',
    totalCycles: cost.latency.totalCycles,
  }
}

/** A link's first and last transfers may lie outside the loop nest; no interface is busy for longer than the layer runs. */
function withinTotal(time: Time): Time {
  const busy = busyCycles({ ...time, clockMhz: 1 }, 1, 1, 1)
  if (busy <= time.totalCycles) return time
  const share = time.totalCycles / busy
  return {
    ...time,
    transfers: time.transfers.map((each) => ({
      memory: each.memory,
      inputCycles: each.inputCycles * share,
      weightCycles: each.weightCycles * share,
      outputCycles: each.outputCycles * share,
    })),
  }
}
