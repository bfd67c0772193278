import {
  hierarchicalProblem,
  type HierarchicalCost,
  type HierarchicalProblem,
} from '../cost/hierarchical/index.js'
import { linkDirections, unrollingOf, type UnevenMapping } from '../model/index.js'
import { boundMapping } from './bound-mapping.js'
import type { FuseConventions } from './conventions.js'
import type { FuseSetting } from './fuse-setting.js'
import type {
  LayerLink,
  LayerMisfit,
  LayerProblem,
  LayerSolution,
  LayerSolver,
  MappedLayer,
  SolvedProblem,
} from './layer-problem.js'
import { viewMemories } from './memory-view.js'
import { reducedAccelerator, reducedProblem, type ReducedProblem } from './reduced-problem.js'
import { searchMapping } from './search-mapping.js'

/** What is known of a problem. */
interface Solved {
  outcome?: LayerSolution | LayerMisfit
  bound?: MappedLayer | LayerMisfit
  evaluations: number
  proven?: boolean
}

/**
 * A solver that maps each distinct problem once, however many stacks and tiles ask for it.
 * @param hurries whether mappings are wanted as they come, once a search was stopped: ties and gaps are left as they are
 */
export function createLayerSolver(
  setting: FuseSetting,
  conventions: FuseConventions,
  hurries: () => boolean = () => false,
): LayerSolver {
  const { accelerator, search } = setting
  const view = viewMemories(accelerator)
  const origin = new Map(accelerator.memories.map((memory, index) => [memory.name, index]))
  const objective = conventions.layersSpareEnergy ? 'energy' : setting.objective
  const known = new Map<string, Solved>()
  const counters = new Set<{ keys: Set<string>; asked: number }>()

  const entryOf = ({ key }: ReducedProblem): Solved => {
    for (const counter of counters) {
      counter.keys.add(key)
      counter.asked++
    }
    const found = known.get(key)
    if (found !== undefined) return found
    const fresh: Solved = { evaluations: 0 }
    known.set(key, fresh)
    return fresh
  }
  const prepare = ({ layer }: LayerProblem, reduced: ReducedProblem): HierarchicalProblem =>
    hierarchicalProblem(
      layer,
      reducedAccelerator(accelerator, reduced),
      unrollingOf(layer, accelerator),
      conventions.layerModel,
    )
  const solve = (problem: LayerProblem): LayerSolution | LayerMisfit => {
    const reduced = reducedProblem(view, problem, conventions.poolingHasWeights)
    const entry = entryOf(reduced)
    if (entry.outcome === undefined) {
      const prepared = prepare(problem, reduced)
      const found = searchMapping(prepared, search, objective, hurries)
      entry.evaluations += found.evaluations
      // That nothing fits is certain, too.
      entry.proven = found.mapping === undefined || found.proven
      entry.outcome =
        found.mapping === undefined
          ? { kind: 'misfit', reason: found.reason }
          : solutionOf(prepared, found.mapping, found.cost, origin)
    }
    return entry.outcome
  }
  return {
    solve,
    bound(problem) {
      // What LOMA finds is no optimum: nothing cheaper than its search says what that is.
      if (search.kind === 'loma') return solve(problem)
      const reduced = reducedProblem(view, problem, conventions.poolingHasWeights)
      const entry = entryOf(reduced)
      if (entry.outcome !== undefined) return entry.outcome
      if (entry.bound === undefined) {
        const { bound, evaluations } = boundMapping(prepare(problem, reduced), objective)
        entry.evaluations += evaluations
        entry.bound = bound ?? solve(problem)
      }
      return entry.bound
    },
    startCounting() {
      const counter = { keys: new Set<string>(), asked: 0 }
      counters.add(counter)
      return () => {
        counters.delete(counter)
        const problems = [...counter.keys].map((key): SolvedProblem => {
          const { evaluations, proven } = known.get(key)!
          return [key, evaluations, proven]
        })
        return { problems, asked: counter.asked }
      }
    },
  }
}

function solutionOf(
  problem: HierarchicalProblem,
  mapping: UnevenMapping,
  cost: HierarchicalCost,
  origin: ReadonlyMap<string, number>,
): LayerSolution {
  const { latency } = cost
  return {
    kind: 'solved',
    mapping,
    energyPj: cost.energyPj,
    macEnergyPj: cost.macEnergyPj,
    links: linksOf(problem, cost, origin),
    latencyCycles: latency.loadedCycles,
    latencyWithOffloadCycles: latency.totalCycles,
    idealCycles: latency.idealCycles,
    temporalCycles: latency.temporalCycles,
    stallCycles: latency.stallCycles,
    loadingCycles: latency.loadingCycles,
    offloadingCycles: latency.offloadingCycles,
    macs: problem.macs,
  }
}

function linksOf(
  problem: HierarchicalProblem,
  cost: HierarchicalCost,
  origin: ReadonlyMap<string, number>,
): LayerLink[] {
  return cost.operands.flatMap((each, p) =>
    each.levels.flatMap((level, m) =>
      linkDirections.map((direction, d) => ({
        name: each.name,
        operand: problem.operands[p].operand.memory,
        memory: origin.get(level.memory) ?? -1,
        level: m,
        levels: each.levels.length,
        direction,
        energyPj: level.energyPj[d],
        elements: level.elementMoves[d],
      })),
    ),
  )
}
