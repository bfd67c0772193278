import {
  autoSizes,
  bestPartition,
  createFuseEngine,
  exploreStack,
  branchFreeUnits,
  neighbourJobs,
  objectiveOf,
  overlapModes,
  weightBits,
  weightCapacityBits,
  type FuseEngine,
  type Objective,
  type OverlapMode,
  type StackJob,
  type StackJobResult,
  type StackOption,
  type StackPoint,
} from '../fuse/index.js'
import type { Run } from '../model/index.js'
import type { SolvedStack, StackProblem, StackSolution } from './stack-problem.js'

/** Keeps whatever neighbouring tiles share: nothing is computed twice. */
const FIRST_MODE: OverlapMode = 'fully-cached'

/**
 * The best partition of a segment into depth-first stacks and layers that run alone. Stacks are first priced in strips
 * of full width that keep what they share; then the tiles of the chosen ones are halved and doubled until none is
 * better; last, the chosen tiles are priced in the other modes. Layers alone cost what `map` found, so the result is
 * never worse than layer by layer.
 */
export function solveStacks(problem: StackProblem, run: Run): StackSolution {
  const { accelerator, workload, metric } = problem
  const objective: Objective = metric === 'cycles' ? 'latency' : metric
  const engine = createFuseEngine({
    accelerator,
    workload,
    conventions: 'standard',
    search: { kind: 'optimal' },
    objective,
  })
  const units = branchFreeUnits(engine.network)
  const results: StackJobResult[] = []
  const price = (jobs: readonly StackJob[]): void => {
    for (const job of jobs) if (!run.cancelled()) results.push(exploreStack(engine, job, run))
  }
  const best = (): ReturnType<typeof partition> => partition(problem, units, objective, results)
  price(firstJobs(engine, units, problem.deepestStack))
  let found = best()
  for (let before = Infinity; objectiveOf(objective, found) < before; found = best()) {
    before = objectiveOf(objective, found)
    price(neighbourJobs(engine, [FIRST_MODE], found.stacks, results))
  }
  const others = overlapModes.filter((mode) => mode !== FIRST_MODE)
  price(
    found.stacks.map(({ first, last, tile }) => ({ first, last, modes: others, tiles: [tile] })),
  )
  return {
    stacks: best().stacks.map((point) => solved(engine, point)),
    points: results.reduce((sum, result) => sum + result.points.length, 0),
  }
}

/** Strips of full width for every run of units that has at least two layers and whose weights fit on chip together. */
function firstJobs(
  engine: FuseEngine,
  units: readonly (readonly number[])[],
  deepestStack: number,
): StackJob[] {
  const capacity = weightCapacityBits(engine)
  return units.flatMap((unit, i) => {
    const jobs: StackJob[] = []
    let weights = 0
    for (let j = i; j < units.length; j++) {
      const [first, last] = [unit[0], units[j][units[j].length - 1]]
      weights += units[j].reduce((sum, at) => sum + weightBits(engine.network.nodes[at].layer), 0)
      if (last - first >= deepestStack || (j > i && weights > capacity)) break
      if (last === first) continue
      const { x, y } = engine.outputSize(last)
      jobs.push({
        first,
        last,
        modes: [FIRST_MODE],
        tiles: autoSizes(y).map((rows) => ({ x, y: rows })),
      })
    }
    return jobs
  })
}

/** The best cover of all units; its stacks are the points that were chosen, layers alone left out. */
function partition(
  { alone }: StackProblem,
  units: readonly (readonly number[])[],
  objective: Objective,
  results: readonly StackJobResult[],
): { readonly energyPj: number; readonly latencyCycles: number; readonly stacks: StackPoint[] } {
  const starts = new Map(units.map((unit, u) => [unit[0], u]))
  const ends = new Map(units.map((unit, u) => [unit[unit.length - 1], u]))
  type Option = StackOption & { readonly point?: StackPoint }
  const options = units.map((unit, u): Option => ({
    first: u,
    last: u,
    energyPj: unit.reduce((sum, i) => sum + alone[i].energyPj, 0),
    latencyCycles: unit.reduce((sum, i) => sum + alone[i].latencyCycles, 0),
  }))
  for (const point of results.flatMap((result) => result.points)) {
    const [first, last] = [starts.get(point.first), ends.get(point.last)]
    if (point.summary === undefined || first === undefined || last === undefined) continue
    const { energyPj, latencyWithOffloadCycles: latencyCycles } = point.summary
    options.push({ first, last, energyPj, latencyCycles, point })
  }
  const best = bestPartition(units.length, options, objective)
  if (best === undefined) throw new Error('layers that run alone cover every segment')
  return {
    energyPj: best.energyPj,
    latencyCycles: best.latencyCycles,
    stacks: best.stacks.flatMap(({ point }) => (point === undefined ? [] : [point])),
  }
}

function solved(engine: FuseEngine, { first, last, mode, tile, summary }: StackPoint): SolvedStack {
  if (summary === undefined) throw new Error('a chosen stack has a price')
  return {
    first,
    last,
    mode,
    tile,
    output: engine.outputSize(last),
    energyPj: summary.energyPj,
    latencyCycles: summary.latencyWithOffloadCycles,
  }
}
