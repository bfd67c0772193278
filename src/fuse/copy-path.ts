import type { LinkDirection, Operand } from '../model/index.js'
import type { MemoryView } from './memory-view.js'

/** Data of one operand class in one memory. */
export interface DataPlace {
  readonly operand: Operand
  /** Index of the memory. */
  readonly memory: number
}

/** One move between neighbouring levels of an operand. */
export interface CopyHop {
  readonly operand: Operand
  readonly from: number
  readonly to: number
  readonly send: LinkDirection
  readonly receive: LinkDirection
}

/**
 * The way of a copy through the full hierarchy (spec §11.4): up the levels of the source's operand to the lowest memory
 * that also holds the destination's operand at least as high as the destination, then down its levels.
 */
export function copyPath(view: MemoryView, from: DataPlace, to: DataPlace): CopyHop[] {
  const levelOf = (operand: Operand, memory: number): number => view.levels[operand].indexOf(memory)
  if (from.operand === to.operand) return walk(view, from.operand, from.memory, to.memory)
  const goal = levelOf(to.operand, to.memory)
  const meeting = view.levels[from.operand]
    .slice(levelOf(from.operand, from.memory))
    .find((memory) => levelOf(to.operand, memory) >= goal)
  if (meeting === undefined) return []
  return [
    ...walk(view, from.operand, from.memory, meeting),
    ...walk(view, to.operand, meeting, to.memory),
  ]
}

function walk(view: MemoryView, operand: Operand, from: number, to: number): CopyHop[] {
  const levels = view.levels[operand]
  const start = levels.indexOf(from)
  const end = levels.indexOf(to)
  const hops: CopyHop[] = []
  for (let level = start; level !== end; level += Math.sign(end - start)) {
    hops.push(
      end > start
        ? {
            operand,
            from: levels[level],
            to: levels[level + 1],
            send: 'to-high',
            receive: 'from-low',
          }
        : {
            operand,
            from: levels[level],
            to: levels[level - 1],
            send: 'to-low',
            receive: 'from-high',
          },
    )
  }
  return hops
}
