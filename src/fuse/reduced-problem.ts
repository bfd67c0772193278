import {
  cutAbove,
  paddedInputSize,
  type HierarchicalAccelerator,
  type Layer,
  type Operand,
} from '../model/index.js'
import { inputDepth, outputDepth } from './depth.js'
import type { LayerProblem, Tops } from './layer-problem.js'
import type { MemoryView } from './memory-view.js'

/** A layer problem without what changes nothing about its solution. */
export interface ReducedProblem {
  /** Equal for problems that have the same solution. */
  readonly key: string
  readonly tops: Tops
  /** Bits that each memory of the accelerator offers; where all data fit several times over, no more than that. */
  readonly roomBits: readonly number[]
}

/** Room beyond so many times what a layer could ever keep in a memory is all the same. */
const AMPLE = 4

/**
 * Tiles of different stacks ask for the same layer again and again, with other names, paddings (which are neither
 * stored nor moved) and other data in memories that this layer leaves alone or cannot fill.
 * @param poolingHasWeights pooling has a weight operand that is placed, too
 */
export function reducedProblem(
  view: MemoryView,
  { layer, tops, reservedBits }: LayerProblem,
  poolingHasWeights: boolean,
): ReducedProblem {
  const { dims, stride, dilation, precisionBits, operator, slidesInput, unrolling } = layer
  const hasWeights =
    operator === 'pool' || operator === 'add' ? poolingHasWeights && operator === 'pool' : true
  const own: Tops = hasWeights ? tops : { ...tops, weight: 0 }
  const needBits = view.sizeBits.map(() => 0)
  const count = (operand: Operand, bits: number): void => {
    for (const memory of view.levels[operand].slice(0, own[operand] + 1)) needBits[memory] += bits
  }
  count('output', outputDepth(layer) * dims.OX * dims.OY * precisionBits.partialOutput)
  count('input', inputBitsOf(layer) * (operator === 'add' ? 2 : 1))
  if (hasWeights) {
    const { B, G, K, C, FX, FY } = dims
    count('weight', B * G * K * C * FX * FY * precisionBits.weight)
  }
  const roomBits = view.sizeBits.map((size, memory) =>
    Math.min(Math.max(0, size - reservedBits[memory]), AMPLE * needBits[memory]),
  )
  const key = JSON.stringify([
    operator,
    dims,
    stride,
    dilation,
    precisionBits,
    slidesInput,
    unrolling,
    own,
    roomBits,
  ])
  return { key, tops: own, roomBits }
}

function inputBitsOf(layer: Layer): number {
  const { x, y } = paddedInputSize(layer)
  return inputDepth(layer) * x * y * layer.precisionBits.input
}

/** The accelerator as a reduced problem sees it: memories above the tops are gone, the others have the room given. */
export function reducedAccelerator(
  full: HierarchicalAccelerator,
  { tops, roomBits }: ReducedProblem,
): HierarchicalAccelerator {
  const roomy: HierarchicalAccelerator = {
    ...full,
    memories: full.memories.map((memory, index) => ({ ...memory, sizeBits: roomBits[index] })),
  }
  return cutAbove(
    cutAbove(cutAbove(roomy, 'input', tops.input), 'output', tops.output),
    'weight',
    tops.weight,
  )
}
