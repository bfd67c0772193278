import type { Progress } from '../model/index.js'
import type { ResolvedCore } from './chip.js'
import type { LayerCost } from './layer-problem.js'
import type { CostedNetwork } from './network-costs.js'
import { networkStack, type NetworkStack, type NetworkStacks } from './network-stacks.js'
import { stackableSegments, type StackableSegment } from './stackable-segments.js'
import type { StackProblem } from './stack-problem.js'
import type { StepRunner } from './steps.js'

type Unstacked = Pick<CostedNetwork, 'operations' | 'mapped'>

/**
 * Level 1, where a kind of core runs depth-first: the stacks of every network on it.
 * @returns [network][core kind]
 */
export async function fuseStacks(
  networks: readonly Unstacked[],
  cores: readonly ResolvedCore[],
  runner: StepRunner,
  progress: (p: Progress) => void,
): Promise<readonly (readonly (NetworkStacks | undefined)[])[]> {
  const problems = new Map<string, StackProblem>()
  const asked = networks.map((network) =>
    cores.map((core, k) =>
      segmentsOn(network, core, k).map((segment) => {
        const problem = problemOf(segment, network, core, k)
        const key = `${k} ${JSON.stringify(problem.workload.layers)}`
        problems.set(key, problem)
        return { segment, key }
      }),
    ),
  )
  if (problems.size > 0) {
    progress({ fraction: 0.3, message: `fusing layers of ${problems.size} segments into stacks` })
  }
  const keys = [...problems.keys()]
  const found = await runner.run('stacks', [...problems.values()])
  const solutions = new Map(keys.map((key, i) => [key, found[i]]))
  return networks.map((network, n) =>
    cores.map((core, k): NetworkStacks | undefined => {
      if (!runsDepthFirst(core)) return undefined
      const solved = asked[n][k].flatMap(({ segment, key }) => {
        const solution = solutions.get(key)
        return solution === undefined ? [] : [{ segment, solution }]
      })
      const stacks = solved.flatMap(({ segment, solution }) =>
        solution.stacks.map((stack) =>
          networkStack(stack, segment.first, core, (i) => mappedCost(network, i, k)),
        ),
      )
      return {
        stacks,
        startingAt: new Map(stacks.map((stack): [number, NetworkStack] => [stack.first, stack])),
        points: solved.reduce((sum, { solution }) => sum + solution.points, 0),
      }
    }),
  )
}

function runsDepthFirst({ core }: ResolvedCore): boolean {
  return core.engine.kind === 'accelerator' && core.engine.deepestStack !== undefined
}

function segmentsOn(network: Unstacked, resolved: ResolvedCore, k: number): StackableSegment[] {
  if (!runsDepthFirst(resolved)) return []
  const { runs } = resolved.core
  const { nodes } = network.operations
  return stackableSegments(
    network.operations,
    (i) =>
      (runs === undefined || runs.includes(nodes[i].type)) &&
      (network.mapped(i, k) ?? undefined) !== undefined,
  )
}

function problemOf(
  { first, workload }: StackableSegment,
  network: Unstacked,
  { core, accelerator }: ResolvedCore,
  k: number,
): StackProblem {
  const { engine } = core
  if (
    engine.kind !== 'accelerator' ||
    engine.deepestStack === undefined ||
    accelerator?.kind !== 'hierarchical-accelerator'
  )
    throw new Error(`${core.name} does not run depth-first`)
  return {
    workload,
    accelerator,
    metric: engine.metric,
    deepestStack: engine.deepestStack,
    alone: workload.layers.map((_, i) => {
      const { energyPj, latencyCycles } = mappedCost(network, first + i, k)
      return { energyPj, latencyCycles }
    }),
  }
}

function mappedCost(network: Unstacked, i: number, k: number): LayerCost {
  const cost = network.mapped(i, k)
  if (cost === undefined || cost === null) throw new Error('a stack holds mapped layers only')
  return cost
}
