import type { MemoryLevel } from '../model/index.js'
import { outputDepth } from './depth.js'
import type { StackJob } from './explore.js'
import type { FuseEngine } from './fuse-engine.js'
import type { StackRange } from './stack-range.js'
import { topMemory } from './memory-view.js'
import type { NetworkNode } from './network.js'
import { neededSizes } from './needed-positions.js'
import { objectiveOf, type EnergyAndLatency, type Objective } from './objective.js'
import type { ExplorationPlan } from './plan-exploration.js'

/** What no schedule of a network can be below. */
export interface NetworkFloor {
  /** However it is cut: the operations that the outputs need, and the outputs written once. */
  readonly base: EnergyAndLatency
  /** Energy that a stack of these layers adds: maps that it reads or hands on leave for the top memory and come back. */
  cutEnergyPj(range: StackRange): number
}

/** Lower bounds on energy and latency that hold for every partition, mode, tile and mapping. */
export function networkFloor({ view, network }: FuseEngine): NetworkFloor {
  const { nodes } = network
  const needed = neededSizes(network)
  const { macEnergyPj, simpleOpEnergyPj = macEnergyPj } = view.accelerator.array
  const units = view.accelerator.array.dimensions.reduce((product, each) => product * each.size, 1)
  const memories = view.accelerator.memories
  const readPj = perBit(memories[topMemory(view, 'input')], 'read')
  const writePj = perBit(memories[topMemory(view, 'output')], 'write')
  let energyPj = 0
  let latencyCycles = 0
  const cutPj = nodes.map(({ layer, consumers }, i) => {
    const [columns, rows] = [needed.x[i], needed.y[i]]
    const { B, G, K, C, FX, FY } = layer.dims
    const macs = B * G * K * C * FX * FY * columns * rows
    const simple = layer.operator === 'pool' || layer.operator === 'add'
    energyPj += macs * (simple ? Math.min(simpleOpEnergyPj, macEnergyPj) : macEnergyPj)
    latencyCycles += Math.ceil(macs / units)
    const depth = outputDepth(layer)
    const bits = depth * columns * rows * layer.precisionBits.output
    if (consumers.length === 0) {
      energyPj += bits * writePj
      return 0
    }
    const comesBack = consumers.every((each) => readsAll(nodes[each], i, depth))
    return bits * (writePj + (comesBack ? readPj : 0))
  })
  return {
    base: { energyPj, latencyCycles },
    cutEnergyPj: ({ first, last }) => {
      const cut = new Set([last])
      for (let i = first; i <= last; i++) {
        for (const { from } of nodes[i].reads) if (from >= 0 && from < first) cut.add(from)
      }
      return [...cut].reduce((sum, i) => sum + cutPj[i], 0)
    },
  }
}

/** Whether a layer reads all that is needed of a map: not one reshaped, nor with a stride beyond its kernel. */
function readsAll({ layer, reads }: NetworkNode, from: number, depth: number): boolean {
  const { dims, stride } = layer
  return (
    stride.x <= dims.FX &&
    stride.y <= dims.FY &&
    reads.every(
      (read) => read.from !== from || (read.reshaped === undefined && read.depth >= depth),
    )
  )
}

function perBit(memory: MemoryLevel, what: 'read' | 'write'): number {
  return what === 'read'
    ? memory.readEnergyPj / memory.readBandwidthBits
    : memory.writeEnergyPj / memory.writeBandwidthBits
}

/** Lowest objective of any schedule that has the layers `first` … `last` as one stack. */
export function stackFloor(floor: NetworkFloor, range: StackRange, objective: Objective): number {
  const { energyPj, latencyCycles } = floor.base
  return objectiveOf(objective, { energyPj: energyPj + floor.cutEnergyPj(range), latencyCycles })
}

/** Candidate stacks that may be part of a schedule better than `known`, and how many others there are. */
export function promisingCandidates(
  engine: FuseEngine,
  plan: Pick<ExplorationPlan, 'candidates'>,
  known: number,
): { readonly jobs: readonly StackJob[]; readonly bounded: number } {
  const floor = networkFloor(engine)
  const isPromising = (job: StackJob): boolean => stackFloor(floor, job, engine.objective) < known
  const left = plan.candidates.filter((job) => !isPromising(job))
  return {
    jobs: plan.candidates.filter(isPromising),
    bounded: new Set(left.map((job) => `${job.first}-${job.last}`)).size,
  }
}
