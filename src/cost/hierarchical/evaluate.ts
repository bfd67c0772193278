import { InputError } from '../../base/index.js'
import {
  loopDims,
  loopsPerLevel,
  type LayerOperandName,
  type UnevenMapping,
} from '../../model/index.js'
import { doubleBuffering } from './double-buffering.js'
import {
  linkCycles,
  portStalls,
  totalLatency,
  type InputLoading,
  type Latency,
  type LinkCycles,
  type PortStall,
} from './latency.js'
import { occupancies, overflows, type Occupancy, type Overflow } from './occupancy.js'
import { operandNest, type OperandNest } from './operand-nest.js'
import { portThroughputs } from './port-throughput.js'
import type { HierarchicalProblem } from './problem.js'
import { elementMoves, operandTraffic, type LinkTraffic, type PerLink } from './traffic.js'
import { operandWords, wordEnergyPj } from './word-accesses.js'

/** What one memory level of an operand does in the whole layer. Four-vectors are in the order of `linkDirections`. */
export interface LevelCost {
  readonly memory: string
  readonly energyPj: PerLink
  /** Accesses of all instances, in full-width words. */
  readonly wordAccesses: PerLink
  /** Elements moved by all instances. */
  readonly elementMoves: PerLink
  /** Traffic per instance with average use of the array (decides energy) … */
  readonly traffic: PerLink<LinkTraffic>
  /** … and with its largest use (decides cycles). */
  readonly wholeTraffic: PerLink<LinkTraffic>
  readonly cycles: LinkCycles
  readonly occupancy: Occupancy
  /** Whether the next data can arrive while the present ones are in use. */
  readonly doubleBuffered: boolean
  /** Elements that one instance holds. */
  readonly elements: number
}

/** Cost of one tensor of the layer. */
export interface OperandCost {
  readonly name: LayerOperandName
  readonly energyPj: number
  readonly levels: readonly LevelCost[]
  readonly nest: OperandNest
}

/** Everything the model says about one mapping. */
export interface HierarchicalCost {
  readonly energyPj: number
  readonly macEnergyPj: number
  readonly memoryEnergyPj: number
  readonly latency: Latency
  /** Ideal cycles over all cycles, 0 … 1. */
  readonly utilisation: number
  readonly operands: readonly OperandCost[]
  readonly ports: readonly PortStall[]
  readonly loading: readonly InputLoading[]
  /** Memories that would have to hold more than they can; empty when the mapping is valid. */
  readonly overflows: readonly Overflow[]
}

/**
 * Evaluates one mapping in full detail: traffic, energy, occupancy, latency.
 * @throws InputError when the mapping does not cover the loop nest exactly
 */
export function evaluateMapping(
  problem: HierarchicalProblem,
  mapping: UnevenMapping,
): HierarchicalCost {
  const { conventions, operands } = problem
  checkCoverage(problem, mapping)
  const loops = operands.map(({ operand }) => loopsPerLevel(mapping, operand.name))
  const mean = operands.map((each, p) => operandNest(each, each.mean, loops[p], conventions))
  const whole = operands.map((each, p) => operandNest(each, each.whole, loops[p], conventions))
  const traffic = operands.map((each, p) => operandTraffic(each, each.mean, mean[p], conventions))
  const wholeTraffic = operands.map((each, p) =>
    operandTraffic(each, each.whole, whole[p], conventions),
  )
  const occupancy = occupancies(problem, mean)
  const { buffered, sharedEffective } = doubleBuffering(problem, occupancy)
  const cycles = operands.map((_, p) =>
    linkCycles(problem, p, whole[p], wholeTraffic[p], buffered[p]),
  )
  const temporalCycles = mapping.loops.reduce((product, loop) => product * loop.size, 1)
  const ports =
    conventions.latencyRule === 'busiest-port'
      ? portThroughputs(problem, wholeTraffic, temporalCycles)
      : portStalls(problem, cycles, wholeTraffic, conventions)
  const { latency, loading } = totalLatency(problem, temporalCycles, ports, cycles)

  const costs = operands.map((each, p): OperandCost => {
    const words = operandWords(each, each.mean, traffic[p], conventions)
    const moves = elementMoves(each, mean[p], problem.macs)
    const levels = each.memories.map((memory, m): LevelCost => ({
      memory: memory.name,
      energyPj: wordEnergyPj(memory, words[m]),
      wordAccesses: words[m],
      elementMoves: moves[m],
      traffic: traffic[p][m],
      wholeTraffic: wholeTraffic[p][m],
      cycles: cycles[p][m],
      occupancy: { ...occupancy[p][m], sharedEffective: sharedEffective[p][m] },
      doubleBuffered: buffered[p][m + 1],
      elements: mean[p].elements[m + 1],
    }))
    const energyPj = levels.reduce((sum, level) => sum + total(level.energyPj), 0)
    return { name: each.operand.name, energyPj, levels, nest: mean[p] }
  })
  const memoryEnergyPj = costs.reduce((sum, each) => sum + each.energyPj, 0)
  return {
    energyPj: problem.macEnergyPj + memoryEnergyPj,
    macEnergyPj: problem.macEnergyPj,
    memoryEnergyPj,
    latency,
    utilisation: latency.idealCycles / latency.totalCycles,
    operands: costs,
    ports,
    loading,
    overflows: overflows(problem, mean),
  }
}

/** Reads, then writes. */
function total([toLow, fromLow, toHigh, fromHigh]: PerLink): number {
  return toHigh + toLow + (fromHigh + fromLow)
}

function checkCoverage({ temporal, operands }: HierarchicalProblem, mapping: UnevenMapping): void {
  for (const dim of loopDims) {
    const product = mapping.loops
      .filter((loop) => loop.dim === dim)
      .reduce((result, loop) => result * loop.size, 1)
    if (product !== temporal[dim]) {
      throw new InputError({
        code: 'E-MAP-101',
        message: `the temporal loops over ${dim} make ${product} iterations, the layer and its unrolling leave ${temporal[dim]}`,
      })
    }
  }
  for (const { operand, memories } of operands) {
    const cuts = mapping.cuts[operand.name] ?? []
    const ascending = cuts.every((cut, m) => cut >= (m === 0 ? 0 : cuts[m - 1]))
    if (
      cuts.length !== memories.length ||
      !ascending ||
      cuts[cuts.length - 1] !== mapping.loops.length
    ) {
      throw new InputError({
        code: 'E-MAP-102',
        message: `the cuts of ${operand.name} are [${cuts.join(', ')}], expected ${memories.length} ascending positions that end at ${mapping.loops.length}`,
      })
    }
  }
}
