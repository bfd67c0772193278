import {
  evaluateMapping,
  hierarchicalProblem,
  type HierarchicalCost,
  type HierarchicalProblem,
} from '../cost/hierarchical/index.js'
import {
  cutAbove,
  linkDirections,
  unrollingOf,
  type HierarchicalAccelerator,
  type UnevenMapping,
} from '../model/index.js'
import type { FuseConventions } from './conventions.js'
import type { FuseSetting } from './fuse-setting.js'
import type {
  LayerLink,
  LayerMisfit,
  LayerProblem,
  LayerSolution,
  LayerSolver,
  SolvedProblem,
} from './layer-problem.js'
import { searchMapping } from './search-mapping.js'

/** A solver that maps each distinct problem once: the key holds all that the result depends on. */
export function createLayerSolver(setting: FuseSetting, conventions: FuseConventions): LayerSolver {
  const { accelerator } = setting
  const objective = conventions.layersSpareEnergy ? 'energy' : setting.objective
  const solved = new Map<
    string,
    { outcome: LayerSolution | LayerMisfit; evaluations: number; proven: boolean }
  >()
  const counters = new Set<{ keys: Set<string>; asked: number }>()
  return {
    solve(problem) {
      const key = keyOf(problem)
      let entry = solved.get(key)
      if (entry === undefined) {
        const reduced = reduce(accelerator, problem)
        const prepared = hierarchicalProblem(
          problem.layer,
          reduced.accelerator,
          unrollingOf(problem.layer, accelerator),
          conventions.layerModel,
        )
        const found = searchMapping(prepared, setting.search, objective)
        entry = {
          evaluations: found.evaluations,
          // That nothing fits is certain, too.
          proven: found.mapping === undefined || found.proven,
          outcome:
            found.mapping === undefined
              ? { kind: 'misfit', reason: found.reason }
              : solutionOf(prepared, found.mapping, reduced.origin),
        }
        solved.set(key, entry)
      }
      for (const counter of counters) {
        counter.keys.add(key)
        counter.asked++
      }
      return entry.outcome
    },
    startCounting() {
      const counter = { keys: new Set<string>(), asked: 0 }
      counters.add(counter)
      return () => {
        counters.delete(counter)
        const problems = [...counter.keys].map((key): SolvedProblem => {
          const { evaluations, proven } = solved.get(key)!
          return [key, evaluations, proven]
        })
        return { problems, asked: counter.asked }
      }
    },
  }
}

/** Everything but the layer's name, which changes nothing. */
function keyOf({ layer, tops, reservedBits }: LayerProblem): string {
  const { dims, stride, dilation, padding, precisionBits, operator, slidesInput, unrolling } = layer
  return JSON.stringify([
    operator,
    dims,
    stride,
    dilation,
    padding,
    precisionBits,
    slidesInput,
    unrolling,
    tops,
    reservedBits,
  ])
}

/** The accelerator below the tops, with the room that other data leave, and where its memories were in the full one. */
function reduce(
  full: HierarchicalAccelerator,
  { tops, reservedBits }: LayerProblem,
): { readonly accelerator: HierarchicalAccelerator; readonly origin: ReadonlyMap<string, number> } {
  const origin = new Map(full.memories.map((memory, index) => [memory.name, index]))
  const roomy: HierarchicalAccelerator = {
    ...full,
    memories: full.memories.map((memory, index) =>
      reservedBits[index] === 0
        ? memory
        : { ...memory, sizeBits: Math.max(0, memory.sizeBits - reservedBits[index]) },
    ),
  }
  const accelerator = cutAbove(
    cutAbove(cutAbove(roomy, 'input', tops.input), 'output', tops.output),
    'weight',
    tops.weight,
  )
  return { accelerator, origin }
}

function solutionOf(
  problem: HierarchicalProblem,
  mapping: UnevenMapping,
  origin: ReadonlyMap<string, number>,
): LayerSolution {
  const cost = evaluateMapping(problem, mapping)
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
