import { InfeasibleError } from '../../base/index.js'
import {
  hierarchicalProblem,
  type HierarchicalConventions,
  type HierarchicalProblem,
} from '../../cost/hierarchical/index.js'
import { bypassing, type HierarchicalAccelerator, type Layer, type Run } from '../../model/index.js'
import { orderingSpace, searchEnergy } from '../ordering/index.js'
import type { BoundedVariant, Variant } from './variant-floors.js'

// Equal energies differ in their last digits.
const SAME = 1 + 1e-12

/** The best of several variants of a layer, and what is known of the others. */
export interface LeastEnergyVariant {
  readonly variant: Variant
  readonly problem: HierarchicalProblem
  readonly energyPj: number
  /** No mapping of any variant needs less. */
  readonly lowerBoundPj: number
  readonly proven: boolean
  readonly evaluations: number
  readonly pruned: Readonly<Record<string, number>>
}

/**
 * The variant whose best loop order needs the least energy; of equal ones that with the fewest cycles, then the first.
 * Variants are searched from the lowest bound upwards, until the bounds exceed what was found.
 * @param budget variants to search, and multisets of loops that those searched may have all together; when both are used
 * up, the bound of the next variant limits what is proven
 * @throws InfeasibleError when none of those searched fits
 */
export function leastEnergyVariant(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  variants: readonly BoundedVariant[],
  conventions: HierarchicalConventions,
  budget: { readonly variants: number; readonly states: number },
  run: Run,
): LeastEnergyVariant {
  const order = variants.map((_, i) => i)
  order.sort((a, b) => variants[a].floorPj - variants[b].floorPj || a - b)
  let best: Found | undefined
  let reason: unknown
  let evaluations = 0
  let dominated = 0
  let searched = 0
  let states = 0
  let unsearchedPj = Infinity
  for (const index of order) {
    const variant = variants[index]
    if (best !== undefined && variant.floorPj > best.energyPj * SAME) break
    const usedUp = searched >= budget.variants && states >= budget.states
    if (best !== undefined && (usedUp || run.cancelled())) {
      unsearchedPj = variant.floorPj
      break
    }
    searched++
    run.progress({
      fraction: searched / order.length,
      message: `${searched} unrollings and bypasses searched`,
    })
    const seen = bypassing(accelerator, variant.bypass)
    const problem = hierarchicalProblem(layer, seen, variant.unrolling, conventions)
    try {
      const space = orderingSpace(problem)
      states += space.lattice.size
      const found = searchEnergy(space, run, best && best.energyPj * SAME)
      evaluations += found.evaluations
      dominated += found.dominated
      if (found.steps === undefined) {
        if (run.cancelled()) unsearchedPj = Math.min(unsearchedPj, found.lowerBound)
        continue
      }
      const fresh: Found = { index, problem, energyPj: found.energyPj, cycles: cyclesOf(problem) }
      if (best === undefined || better(fresh, best)) best = fresh
    } catch (error) {
      if (!(error instanceof InfeasibleError)) throw error
      reason ??= error
    }
  }
  if (best === undefined) throw reason
  return {
    variant: variants[best.index],
    problem: best.problem,
    energyPj: best.energyPj,
    lowerBoundPj: Math.min(best.energyPj, unsearchedPj),
    proven: unsearchedPj === Infinity,
    evaluations,
    pruned: { dominated, 'variants by their bound': order.length - searched },
  }
}

interface Found {
  readonly index: number
  readonly problem: HierarchicalProblem
  readonly energyPj: number
  readonly cycles: number
}

function better(a: Found, b: Found): boolean {
  if (a.energyPj * SAME < b.energyPj) return true
  if (b.energyPj * SAME < a.energyPj) return false
  return a.cycles < b.cycles || (a.cycles === b.cycles && a.index < b.index)
}

function cyclesOf({ temporal }: HierarchicalProblem): number {
  return Object.values(temporal).reduce((product, each) => product * each, 1)
}
