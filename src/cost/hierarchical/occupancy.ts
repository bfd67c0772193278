import type { LayerOperandName } from '../../model/index.js'
import type { OperandNest } from './operand-nest.js'
import type { HierarchicalProblem } from './problem.js'

/** How full the memory of one operand's level is; 1 = full. */
export interface Occupancy {
  /** Share that the operand itself takes, and that all operands of the memory take together. */
  readonly own: number
  readonly shared: number
  /** The same for the part that has to stay while the next data arrive (the outermost relevant loops replace the rest). */
  readonly ownEffective: number
  readonly sharedEffective: number
}

/** Bits that one instance of each memory level of an operand holds, and those that have to stay. */
export function heldBits(
  problem: HierarchicalProblem,
  p: number,
  nest: OperandNest,
): { readonly bits: number; readonly effectiveBits: number }[] {
  const { operand, memories } = problem.operands[p]
  return memories.map((_, m) => {
    const elements = m === 0 ? nest.innermostRoom : nest.elements[m + 1]
    const bits = elements * (nest.partial[m + 1] ? operand.partialBits : operand.bits)
    return { bits, effectiveBits: Math.floor(bits / nest.outerRelevant[m + 1]) }
  })
}

/** Occupancy per operand and memory level (specification §6.5). */
export function occupancies(
  problem: HierarchicalProblem,
  nests: readonly OperandNest[],
): Occupancy[][] {
  const held = problem.operands.map((_, p) => heldBits(problem, p, nests[p]))
  return problem.operands.map(({ memories, memoryIndices }, p) =>
    memories.map(({ sizeBits }, m) => {
      let shared = 0
      let sharedEffective = 0
      problem.operands.forEach((other, q) => {
        const level = other.memoryIndices.indexOf(memoryIndices[m])
        if (level < 0) return
        shared += held[q][level].bits / sizeBits
        sharedEffective += held[q][level].effectiveBits / sizeBits
      })
      return {
        own: held[p][m].bits / sizeBits,
        shared,
        ownEffective: held[p][m].effectiveBits / sizeBits,
        sharedEffective,
      }
    }),
  )
}

/** A memory that would have to hold more than it can. */
export interface Overflow {
  readonly memory: string
  readonly operands: readonly LayerOperandName[]
  readonly neededBits: number
  readonly sizeBits: number
}

/** The memories that a mapping over-fills. */
export function overflows(problem: HierarchicalProblem, nests: readonly OperandNest[]): Overflow[] {
  const held = problem.operands.map((_, p) => heldBits(problem, p, nests[p]))
  const { conventions, accelerator } = problem
  return accelerator.memories.flatMap(({ name, sizeBits }, index) => {
    const here = problem.operands.flatMap((each, p) => {
      const level = each.memoryIndices.indexOf(index)
      return level < 0 ? [] : [{ name: each.operand.name, level, bits: held[p][level].bits }]
    })
    const needed = here.reduce((sum, each) => sum + each.bits, 0)
    const tolerated =
      conventions.innermostCapacity === 'unchecked' &&
      here.some((each) => each.level === 0) &&
      here.every((each) => each.bits <= sizeBits)
    if (needed <= sizeBits || tolerated) return []
    return [{ memory: name, operands: here.map((each) => each.name), neededBits: needed, sizeBits }]
  })
}
