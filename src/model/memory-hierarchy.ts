import type {
  DataLink,
  HierarchicalAccelerator,
  LinkDirection,
  MemoryLevel,
  OperationalArray,
} from './hierarchical-accelerator.js'
import type { Operand } from './loop-dims.js'

/** Names of the memories that operands pass by. */
export type Bypass = Readonly<Partial<Record<Operand, readonly string[]>>>

/** Number of units in the array. */
export function unitCount(array: OperationalArray): number {
  return array.dimensions.reduce((product, each) => product * each.size, 1)
}

/** Copies of a memory: one per unit of the array along the dimensions that it does not serve. */
export function instanceCount(memory: MemoryLevel, array: OperationalArray): number {
  return array.dimensions.reduce(
    (product, each) => (memory.serves.includes(each.name) ? product : product * each.size),
    1,
  )
}

/** Energy of one access of the full width on a link of a memory. */
export function accessEnergyPj(memory: MemoryLevel, direction: LinkDirection): number {
  switch (direction) {
    case 'to-low':
      return memory.readEnergyPj
    case 'from-low':
      return memory.writeEnergyPj
    case 'to-high':
      return memory.toHighEnergyPj ?? memory.readEnergyPj
    case 'from-high':
      return memory.fromHighEnergyPj ?? memory.writeEnergyPj
  }
}

/** Indices into `accelerator.memories` of the levels that hold an operand, innermost first. */
export function levelsOf(accelerator: HierarchicalAccelerator, operand: Operand): number[] {
  return accelerator.memories.flatMap((memory, index) =>
    memory.operands.includes(operand) ? [index] : [],
  )
}

/** Level index of an operand at a memory: how many memories below hold it too. */
export function levelAt(
  accelerator: HierarchicalAccelerator,
  memoryIndex: number,
  operand: Operand,
): number {
  return levelsOf(accelerator, operand).indexOf(memoryIndex)
}

/**
 * The accelerator without an operand's levels above its level `top` (specification §1.6): the operand and its links
 * leave those memories, a memory without operands disappears. −1 removes the operand everywhere.
 */
export function cutAbove(
  accelerator: HierarchicalAccelerator,
  operand: Operand,
  top: number,
): HierarchicalAccelerator {
  const kept = new Set(levelsOf(accelerator, operand).slice(0, top + 1))
  return withoutLevels(accelerator, operand, (_, index) => !kept.has(index))
}

/** The accelerator as operands see it that pass by some of its memories; a memory that nothing enters disappears. */
export function bypassing(
  accelerator: HierarchicalAccelerator,
  bypass: Bypass,
): HierarchicalAccelerator {
  return (Object.keys(bypass) as Operand[]).reduce(
    (rest, operand) =>
      withoutLevels(rest, operand, ({ name }) => bypass[operand]?.includes(name) === true),
    accelerator,
  )
}

function withoutLevels(
  accelerator: HierarchicalAccelerator,
  operand: Operand,
  leaves: (memory: MemoryLevel, index: number) => boolean,
): HierarchicalAccelerator {
  const memories = accelerator.memories.flatMap((memory, index) => {
    if (!memory.operands.includes(operand) || !leaves(memory, index)) return [memory]
    const operands = memory.operands.filter((each) => each !== operand)
    const ports = memory.ports.map((port) => ({
      ...port,
      links: port.links.filter((link) => link.operand !== operand),
    }))
    return operands.length === 0 ? [] : [{ ...memory, operands, ports }]
  })
  return { ...accelerator, memories }
}

/**
 * The accelerator as a layer with two feature-map inputs sees it: weights leave, and the second input (class `weight`)
 * lives wherever the first one does, on the same ports (specification §11.3, step 4).
 */
export function shareInputLevels(accelerator: HierarchicalAccelerator): HierarchicalAccelerator {
  const without = cutAbove(accelerator, 'weight', -1)
  const memories = without.memories.map((memory) =>
    memory.operands.includes('input')
      ? {
          ...memory,
          operands: [...memory.operands, 'weight' as const],
          ports: memory.ports.map((port) => ({
            ...port,
            links: [...port.links, ...port.links.flatMap(asSecondInput)],
          })),
        }
      : memory,
  )
  return { ...without, memories }
}

function asSecondInput(link: DataLink): DataLink[] {
  return link.operand === 'input' ? [{ operand: 'weight', direction: link.direction }] : []
}
