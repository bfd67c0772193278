import type { Occupancy } from './occupancy.js'
import type { HierarchicalProblem } from './problem.js'

/**
 * Which levels can take in the next data while the present data are in use (specification §7.2). Index a = 0 is the
 * array (never), a = m + 1 memory level m. The free room of a shared memory goes to the operand that asks first;
 * `shared` is returned with what was reserved.
 */
export function doubleBuffering(
  problem: HierarchicalProblem,
  occupancies: readonly (readonly Occupancy[])[],
): { readonly buffered: boolean[][]; readonly sharedEffective: number[][] } {
  const shared = occupancies.map((levels) => levels.map((each) => each.sharedEffective))
  const buffered = problem.operands.map(({ memoryIndices }, p) => {
    const flags = [false]
    memoryIndices.forEach((memory, m) => {
      const own = occupancies[p][m].ownEffective
      const half = shared[p][m] <= 0.5
      const reserves = !half && own <= 1 - shared[p][m]
      if (reserves) {
        problem.operands.forEach((other, q) => {
          const level = other.memoryIndices.indexOf(memory)
          if (level >= 0) shared[q][level] += own
        })
      }
      flags.push(half || reserves)
    })
    return flags
  })
  return { buffered, sharedEffective: shared }
}
