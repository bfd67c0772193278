import type { StackRange } from './stack-range.js'
import type { Network } from './network.js'
import { makeStack } from './stack.js'

/** Which runs of consecutive layers can be stacks. */
export interface StackRanges {
  /** Only the last layer is read from outside, and no map inside is reshaped between two layers. */
  isStack(range: StackRange): boolean
  /** The fewest stacks that cover a run of layers; of several such covers the one whose first stacks are the longest. */
  split(range: StackRange): StackRange[]
}

export function stackRanges(network: Network): StackRanges {
  const { nodes } = network
  const lastReader = nodes.map(({ consumers }) =>
    consumers.length === 0 ? Infinity : Math.max(...consumers),
  )
  const isStack = ({ first, last }: StackRange): boolean => {
    for (let i = first; i <= last; i++) {
      if (i < last && lastReader[i] > last) return false
      if (hasReshaped(network, i, first)) return false
    }
    return true
  }
  return {
    isStack,
    split: ({ first, last }) => {
      // Fewest stacks from each layer to the end, and where the first of them ends.
      const count = new Map([[last + 1, 0]])
      const end = new Map<number, number>()
      for (let i = last; i >= first; i--) {
        let best = Infinity
        for (let j = i; j <= last; j++) {
          const stacks = 1 + (count.get(j + 1) ?? Infinity)
          if (stacks > best || !isStack({ first: i, last: j })) continue
          best = stacks
          end.set(i, j)
        }
        count.set(i, best)
      }
      const found: StackRange[] = []
      for (let i = first; i <= last; i = found[found.length - 1].last + 1) {
        found.push({ first: i, last: end.get(i) ?? i })
      }
      return found
    },
  }
}

/** Whether a layer reads a map that is reshaped and made by `first` or a layer after it. */
function hasReshaped({ nodes }: Network, position: number, first: number): boolean {
  return nodes[position].reads.some(({ from, reshaped }) => reshaped !== undefined && from >= first)
}

/** Runs of layers between cuts; a cut after the last layer or after the input is no cut. */
export function rangesBetween(network: Network, cuts: readonly number[]): StackRange[] {
  const end = network.nodes.length - 1
  const ends = [...cuts.filter((cut) => cut >= 0 && cut < end), end]
  return ends.map((last, i) => ({ first: i === 0 ? 0 : ends[i - 1] + 1, last }))
}

/**
 * The stacks between cuts that a user names; where a map is reshaped on the way they are cut again.
 * @throws InputError when a stack has a second output although nothing in it is reshaped
 */
export function namedStacks(network: Network, cuts: readonly number[]): StackRange[] {
  const ranges = stackRanges(network)
  return rangesBetween(network, cuts).flatMap((range) => {
    const { first, last } = range
    const layers = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    if (!layers.some((i) => hasReshaped(network, i, first))) makeStack(network, first, last)
    return ranges.split(range)
  })
}
