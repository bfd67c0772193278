import {
  instanceCount,
  levelsOf,
  type HierarchicalAccelerator,
  type Operand,
} from '../model/index.js'

/** Tables over the memories of an accelerator that placement asks for again and again. */
export interface MemoryView {
  readonly accelerator: HierarchicalAccelerator
  /** Memory indices of each operand's levels, innermost first. */
  readonly levels: Readonly<Record<Operand, readonly number[]>>
  /** One instance feeds the whole array. */
  readonly single: readonly boolean[]
  readonly sizeBits: readonly number[]
}

export function viewMemories(accelerator: HierarchicalAccelerator): MemoryView {
  return {
    accelerator,
    levels: {
      input: levelsOf(accelerator, 'input'),
      weight: levelsOf(accelerator, 'weight'),
      output: levelsOf(accelerator, 'output'),
    },
    single: accelerator.memories.map((memory) => instanceCount(memory, accelerator.array) === 1),
    sizeBits: accelerator.memories.map((memory) => memory.sizeBits),
  }
}

/** Memory at the top of an operand's levels. */
export function topMemory(view: MemoryView, operand: Operand): number {
  return view.levels[operand][view.levels[operand].length - 1]
}
