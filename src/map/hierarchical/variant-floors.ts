import {
  BoundaryTerms,
  hierarchicalProblem,
  type HierarchicalConventions,
  type ProblemOperand,
} from '../../cost/hierarchical/index.js'
import {
  bypassing,
  type Bypass,
  type HierarchicalAccelerator,
  type Layer,
  type Operand,
  type SpatialUnrolling,
} from '../../model/index.js'
import { operandFloorPj } from '../ordering/index.js'

/** What is decided before the loops of a layer are ordered. */
export interface Variant {
  readonly unrolling: SpatialUnrolling
  readonly bypass: Bypass
}

/** A variant, and the energy that no mapping of it goes below. */
export interface BoundedVariant extends Variant {
  readonly floorPj: number
}

/**
 * Every unrolling with every bypass and its bound: the energy of the MACs and what each operand needs by itself. The
 * latter depends only on how far the operand's own loops are spread, which most unrollings have in common with others.
 */
export function boundedVariants(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  unrollings: readonly SpatialUnrolling[],
  bypasses: readonly Bypass[],
  conventions: HierarchicalConventions,
): BoundedVariant[] {
  const floors = new Map<string, number>()
  return unrollings.flatMap((unrolling) => {
    const boundaries = new Map<string, BoundaryTerms>()
    const termsOf = (operand: Operand, passed: readonly string[]): BoundaryTerms => {
      const key = passed.length === 0 ? '' : `${operand} ${passed.join()}`
      const known = boundaries.get(key)
      if (known !== undefined) return known
      const seen = bypassing(accelerator, { [operand]: passed })
      const problem = hierarchicalProblem(layer, seen, unrolling, conventions)
      const fresh = new BoundaryTerms(problem)
      boundaries.set(key, fresh)
      return fresh
    }
    const { operands, macEnergyPj } = termsOf('output', []).problem
    return bypasses.map((bypass): BoundedVariant => {
      const floorPj = operands.reduce((sum, { operand }, p) => {
        // The second input of an addition goes where the first one goes.
        const who = operand.name === 'input2' ? 'input' : operand.memory
        const passed = bypass[who] ?? []
        const terms = termsOf(who, passed)
        const key = `${p} ${passed.join()} ${spreadOf(terms.problem.operands[p])}`
        const floor = floors.get(key) ?? operandFloorPj(terms, p)
        floors.set(key, floor)
        return sum + floor
      }, macEnergyPj)
      return { unrolling, bypass, floorPj }
    })
  })
}

/** How far an operand's own loops, and the others together, are spread below each of its memories. */
function spreadOf({ operand, mean }: ProblemOperand): string {
  return mean.loops
    .map((loops) => {
      const sizes = new Map<string, number>()
      for (const { dim, size } of loops) {
        const key = operand.irrelevant.includes(dim) ? '*' : dim
        sizes.set(key, (sizes.get(key) ?? 1) * size)
      }
      return [...sizes]
        .map(([key, size]) => `${key}${size.toPrecision(12)}`)
        .sort()
        .join('·')
    })
    .join(' | ')
}
