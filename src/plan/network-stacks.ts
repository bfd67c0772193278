import { clockMhzOf, sparsityShare, type ResolvedCore } from './chip.js'
import type { LayerCost } from './layer-problem.js'
import type { OperationRange } from './merge-operations.js'
import type { SolvedStack } from './stack-problem.js'

/** One depth-first stack of a network on one kind of core. */
export interface NetworkStack extends OperationRange {
  readonly solved: SolvedStack
  /** The same layers one by one on the same core. */
  readonly alone: { readonly energyPj: number; readonly latencyCycles: number }
  /** @param densities of all operations of the network */
  cost(densities: readonly number[]): { readonly latencyUs: number; readonly energyPj: number }
}

/** The stacks that a network is run in on one kind of core. */
export interface NetworkStacks {
  readonly stacks: readonly NetworkStack[]
  /** By their first operation. */
  readonly startingAt: ReadonlyMap<number, NetworkStack>
  /** Stacks, modes and tiles that were priced. */
  readonly points: number
}

/** A stack of a segment that begins with operation `offset`, on its core. */
export function networkStack(
  solved: SolvedStack,
  offset: number,
  core: ResolvedCore,
  mapped: (operation: number) => LayerCost,
): NetworkStack {
  const range = { first: offset + solved.first, last: offset + solved.last }
  const parts = Array.from({ length: range.last - range.first + 1 }, (_, i) =>
    mapped(range.first + i),
  )
  const sum = (of: (cost: LayerCost) => number): number =>
    parts.reduce((total, part) => total + of(part), 0)
  const alone = {
    energyPj: sum((each) => each.energyPj),
    latencyCycles: sum((each) => each.latencyCycles),
  }
  const denseUs = solved.latencyCycles / (clockMhzOf(core) as number)
  return {
    ...range,
    solved,
    alone,
    cost: (densities) => {
      // A layer counts as much as the time it takes alone: how the stack's time splits over its layers is not kept.
      const weighted = parts.reduce(
        (total, part, i) => total + part.latencyCycles * densities[range.first + i],
        0,
      )
      const share = sparsityShare(core, weighted / alone.latencyCycles)
      return { latencyUs: denseUs * share, energyPj: solved.energyPj }
    },
  }
}
