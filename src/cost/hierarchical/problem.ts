import { InputError } from '../../base/index.js'
import {
  layerOperands,
  levelsOf,
  macCount,
  shareInputLevels,
  unitCount,
  unrollingOf,
  type HierarchicalAccelerator,
  type Layer,
  type LayerOperand,
  type LoopDim,
  type MemoryLevel,
  type SpatialUnrolling,
} from '../../model/index.js'
import { standardConventions, type HierarchicalConventions } from './conventions.js'
import { decouple } from './decouple.js'
import { roundHalfEven } from './extent.js'
import { spatialLevels, spatialLoops, type SpatialLoop } from './spatial-loops.js'

/**
 * What the unrolling makes of the array, seen by one operand. Index a = 0 is the array, a = m + 1 memory level m
 * (specification §4.2).
 */
export interface SpatialCounts {
  /** Spatial loops below each memory; the last entry is served by none. */
  readonly loops: readonly (readonly SpatialLoop[])[]
  /** Units, or memory instances, in use; an average, where conventions keep fractions. */
  readonly instances: readonly number[]
  /** Those among them that hold different data. */
  readonly unique: readonly number[]
  /** Distinct elements that one instance of memory a exchanges with the units below it per lower period. */
  readonly fanOut: readonly number[]
}

/** One tensor of the layer on its memories. */
export interface ProblemOperand {
  readonly operand: LayerOperand
  /** Memories of the operand, innermost first, and where each stands in the accelerator. */
  readonly memories: readonly MemoryLevel[]
  readonly memoryIndices: readonly number[]
  /** Average use of the array: decides energy and occupancy. */
  readonly mean: SpatialCounts
  /** Largest use of the array, every fractional size rounded up: decides cycles. */
  readonly whole: SpatialCounts
}

/** A layer unrolled on an accelerator: everything that does not depend on the temporal mapping. */
export interface HierarchicalProblem {
  readonly layer: Layer
  /** As the layer sees it: with two feature-map inputs the weights' place is taken by the second input. */
  readonly accelerator: HierarchicalAccelerator
  readonly conventions: HierarchicalConventions
  readonly unrolling: SpatialUnrolling
  /** Output first, then the inputs. */
  readonly operands: readonly ProblemOperand[]
  readonly macs: number
  readonly macEnergyPj: number
  /** Cycles with every unit busy. */
  readonly idealCycles: number
  /** Iterations that temporal loops have to make up, per dimension. */
  readonly temporal: Readonly<Record<LoopDim, number>>
}

/**
 * Prepares a layer, an accelerator and an unrolling for evaluation.
 * @param unrolling default: the layer's own, else the accelerator's rule
 * @throws InputError when a tensor has no memory
 */
export function hierarchicalProblem(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  unrolling: SpatialUnrolling = unrollingOf(layer, accelerator),
  conventions: HierarchicalConventions = standardConventions,
): HierarchicalProblem {
  const tensors = layerOperands(layer, conventions.zeroBitPoolingWeight)
  const seen = tensors.some((each) => each.name === 'input2')
    ? shareInputLevels(accelerator)
    : accelerator
  const { loops, remaining } = spatialLoops(layer, seen, unrolling, conventions)
  const toWhole = conventions.wholeUnrolling === 'ceil' ? Math.ceil : Math.floor
  const wholeLoops = loops.map((loop) => ({ ...loop, size: toWhole(loop.size) }))
  const bare = tensors.map((operand) => {
    const memoryIndices = levelsOf(seen, operand.memory)
    if (memoryIndices.length === 0) {
      throw new InputError({
        code: 'E-ARC-015',
        message: `layer "${layer.name}" has ${operand.name} data, but no memory of "${accelerator.name}" holds ${operand.memory}`,
        hint: `add "${operand.memory}" to the operands of at least one memory`,
      })
    }
    return { operand, memoryIndices, memories: memoryIndices.map((index) => seen.memories[index]) }
  })
  const mean = spatialCounts(bare, loops, conventions)
  const whole = spatialCounts(bare, wholeLoops, conventions)
  const macs = macCount(layer)
  const simple = layer.operator === 'pool' || layer.operator === 'add'
  const { macEnergyPj, simpleOpEnergyPj = macEnergyPj } = seen.array
  return Object.freeze({
    layer,
    accelerator: seen,
    conventions,
    unrolling,
    operands: bare.map((each, p) => Object.freeze({ ...each, mean: mean[p], whole: whole[p] })),
    macs,
    macEnergyPj:
      macs *
      (simple && conventions.simpleOperations === 'own-energy' ? simpleOpEnergyPj : macEnergyPj),
    idealCycles: Math.ceil(macs / unitCount(seen.array)),
    temporal: remaining,
  })
}

function spatialCounts(
  operands: readonly {
    readonly operand: LayerOperand
    readonly memories: readonly MemoryLevel[]
  }[],
  spatial: readonly SpatialLoop[],
  conventions: HierarchicalConventions,
): SpatialCounts[] {
  const perOperand = operands.map(({ operand, memories }) => {
    const loops = spatialLevels(spatial, memories)
    const { relevant, irrelevant } = decouple(loops, operand, conventions.extentRounding)
    const unique = relevant.map((_, a) => productFrom(relevant, a))
    const total = relevant.map((r, a) => r * irrelevant[a])
    const fanOut = memories.map((_, a) => {
      const ratio =
        conventions.fanOutWindows === 'joined'
          ? unique[a] / unique[a + 1]
          : fanOutPerDimension(loops[a], operand, conventions)
      return roundFanOut(ratio, conventions.fanOutRounding)
    })
    return { loops, unique, fanOut, used: total.map((_, a) => productFrom(total, a)) }
  })
  const rounding = [roundHalfEven, Math.ceil, Math.floor].find((round) =>
    perOperand.every(({ used }) => round(used[0]) === round(perOperand[0].used[0])),
  )
  return perOperand.map(({ loops, unique, fanOut, used }) => ({
    loops,
    unique,
    fanOut,
    instances: conventions.elementRounding === 'mean' ? used : used.map(rounding ?? roundHalfEven),
  }))
}

/** Distinct elements below a memory when every array dimension has a branch of the network of its own. */
function fanOutPerDimension(
  loops: readonly SpatialLoop[],
  operand: LayerOperand,
  { extentRounding }: HierarchicalConventions,
): number {
  const dimensions = [...new Set(loops.map((loop) => loop.arrayDimension))]
  return dimensions.reduce((product, name) => {
    const branch = loops.filter((loop) => loop.arrayDimension === name)
    return product * decouple([branch], operand, extentRounding).relevant[0]
  }, 1)
}

function roundFanOut(ratio: number, rounding: HierarchicalConventions['fanOutRounding']): number {
  if (rounding === 'mean') return ratio
  return rounding === 'truncate' ? Math.trunc(ratio) : roundHalfEven(ratio)
}

function productFrom(values: readonly number[], start: number): number {
  let product = 1
  for (let i = start; i < values.length; i++) product *= values[i]
  return product
}
