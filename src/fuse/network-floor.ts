import type { MemoryLevel } from '../model/index.js'
import type { StackJob } from './explore.js'
import type { FuseEngine } from './fuse-engine.js'
import { topMemory } from './memory-view.js'
import { objectiveOf, type EnergyAndLatency, type Objective } from './objective.js'
import type { ExplorationPlan } from './plan-exploration.js'
import { makeStack, outputChannels } from './stack.js'

/** What no schedule of a network can be below. */
export interface NetworkFloor {
  /** However it is cut: the operations that the output needs, the network's input read once, its output written once. */
  readonly base: EnergyAndLatency
  /** Energy that a cut after a layer adds: its whole output leaves for the top memory and comes back. */
  cutEnergyPj(after: number): number
}

/** Lower bounds on energy and latency that hold for every partition, mode, tile and mapping. */
export function networkFloor(engine: FuseEngine): NetworkFloor {
  const { view, network, planner } = engine
  const { nodes } = network
  const end = nodes.length - 1
  const size = engine.outputSize(end)
  const whole = makeStack(network, 0, end)
  const [tile] = planner.planTiles(whole, view, 'fully-recompute', size, size)
  const { macEnergyPj, simpleOpEnergyPj = macEnergyPj } = view.accelerator.array
  const units = view.accelerator.array.dimensions.reduce((product, each) => product * each.size, 1)
  const memories = view.accelerator.memories
  const reads = memories[topMemory(view, 'input')]
  const writes = memories[topMemory(view, 'output')]
  let energyPj = 0
  let latencyCycles = 0
  const mapBits = nodes.map(({ layer }, i) => {
    const [columns, rows] = [tile.x.out[i], tile.y.out[i]]
    const { B, C, FX, FY } = layer.dims
    const macs = B * outputChannels(layer) * C * FX * FY * columns * rows
    const simple = layer.operator === 'pool' || layer.operator === 'add'
    energyPj += macs * (simple ? Math.min(simpleOpEnergyPj, macEnergyPj) : macEnergyPj)
    latencyCycles += Math.ceil(macs / units)
    return B * outputChannels(layer) * columns * rows * layer.precisionBits.output
  })
  const readAgain = nodes.map(({ consumers }) =>
    // A stride beyond the kernel leaves part of the map unread.
    consumers.every((consumer) => {
      const { dims, stride } = nodes[consumer].layer
      return stride.x <= dims.FX && stride.y <= dims.FY
    }),
  )
  energyPj += mapBits[end] * perBit(writes, 'write')
  return {
    base: { energyPj, latencyCycles },
    cutEnergyPj: (after) =>
      mapBits[after] * (perBit(writes, 'write') + (readAgain[after] ? perBit(reads, 'read') : 0)),
  }
}

function perBit(memory: MemoryLevel, what: 'read' | 'write'): number {
  return what === 'read'
    ? memory.readEnergyPj / memory.readBandwidthBits
    : memory.writeEnergyPj / memory.writeBandwidthBits
}

/** Lowest objective of any schedule that has the layers `first` … `last` as one stack. */
export function stackFloor(
  floor: NetworkFloor,
  { first, last }: { readonly first: number; readonly last: number },
  end: number,
  objective: Objective,
): number {
  const cuts =
    (first > 0 ? floor.cutEnergyPj(first - 1) : 0) + (last < end ? floor.cutEnergyPj(last) : 0)
  const { energyPj, latencyCycles } = floor.base
  return objectiveOf(objective, { energyPj: energyPj + cuts, latencyCycles })
}

/** Candidate stacks that may be part of a schedule better than `known`, and how many others there are. */
export function promisingCandidates(
  engine: FuseEngine,
  plan: Pick<ExplorationPlan, 'candidates'>,
  known: number,
): { readonly jobs: readonly StackJob[]; readonly bounded: number } {
  const floor = networkFloor(engine)
  const end = engine.network.nodes.length - 1
  const isPromising = (job: StackJob): boolean =>
    stackFloor(floor, job, end, engine.objective) < known
  const left = plan.candidates.filter((job) => !isPromising(job))
  return {
    jobs: plan.candidates.filter(isPromising),
    bounded: new Set(left.map((job) => `${job.first}-${job.last}`)).size,
  }
}
