import { makeStack, type Stack } from '../stack.js'
import type { Network } from '../network.js'

/**
 * Stacks between published cuts. A cut after layer 0 reads as "no cut" (Q20): the stack that should end there runs to
 * the end of the network, and the one that should begin after it begins at the input. A cut after the input (−1) makes
 * a stack without layers (Q19), which costs nothing.
 * @param firstCutIsIgnored false gives the published program with that defect repaired
 */
export function publishedStacks(
  network: Network,
  cuts: readonly number[],
  firstCutIsIgnored: boolean,
): Stack[] {
  const end = network.nodes.length - 1
  const read = (cut: number | undefined): number | undefined =>
    cut === 0 && firstCutIsIgnored ? undefined : cut
  const bounds = [undefined, ...cuts, undefined]
  return bounds.slice(1).flatMap((after, i) => {
    const before = read(bounds[i])
    if (before === end) return []
    const first = (before ?? -1) + 1
    const last = read(after) ?? end
    return last < first ? [] : [makeStack(network, first, last)]
  })
}
