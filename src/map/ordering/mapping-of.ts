import type { TemporalLoop, UnevenMapping } from '../../model/index.js'
import type { Step } from './label-search.js'
import type { OrderingSpace } from './ordering-space.js'

/** The mapping that a complete list of steps describes; neighbouring factors of one loop between two cuts are one loop. */
export function mappingOf(space: OrderingSpace, steps: readonly Step[]): UnevenMapping {
  const { operands } = space.problem
  const loops: TemporalLoop[] = []
  const cuts: number[][] = operands.map(() => [])
  let mayMerge = false
  for (const step of steps) {
    if ('cut' in step) {
      cuts[step.cut].push(loops.length)
      mayMerge = false
      continue
    }
    const { dim, prime } = space.lattice.axes[step.place]
    const last = loops[loops.length - 1]
    if (mayMerge && last.dim === dim) loops[loops.length - 1] = { dim, size: last.size * prime }
    else loops.push({ dim, size: prime })
    mayMerge = true
  }
  for (const each of cuts) each.push(loops.length)
  return Object.freeze({
    kind: 'uneven-mapping',
    spatial: space.problem.unrolling,
    loops,
    cuts: Object.fromEntries(operands.map(({ operand }, p) => [operand.name, cuts[p]])),
  })
}
