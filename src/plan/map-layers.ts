import type { NetworkNode, Progress } from '../model/index.js'
import { layerShape, type LayerCost, type LayerProblem } from './layer-problem.js'
import type { PlanInput } from './plan-input.js'
import type { PlanResult } from './plan-result.js'
import type { StepRunner } from './steps.js'

/** Costs of all loop nests. */
export interface MappedLayers {
  /** Undefined where node or core have no loop nest, null where the core cannot run it. */
  costOf(node: NetworkNode, k: number): LayerCost | null | undefined
  readonly summary: PlanResult['layers']
}

/** Level 1: every distinct loop nest on every kind of core that has an accelerator. */
export async function mapLayers(
  { networks, cores }: Pick<PlanInput, 'networks' | 'cores'>,
  runner: StepRunner,
  progress: (p: Progress) => void,
): Promise<MappedLayers> {
  const problems = new Map<string, LayerProblem>()
  const keyOf = (node: NetworkNode, k: number): string | undefined => {
    const { accelerator, core } = cores[k]
    if (
      accelerator === undefined ||
      core.engine.kind !== 'accelerator' ||
      node.work.kind !== 'layer'
    )
      return undefined
    const { metric, dataflow } = core.engine
    const layer = layerShape(node.work.layer)
    const key = `${k} ${JSON.stringify(layer)}`
    if (!problems.has(key)) problems.set(key, { layer, accelerator, metric, dataflow })
    return key
  }
  for (const { network } of networks)
    for (const node of network.nodes) cores.forEach((_, k) => keyOf(node, k))
  progress({ fraction: 0, message: `mapping ${problems.size} loop nests` })
  const keys = [...problems.keys()]
  const found = await runner.run('layer', [...problems.values()])
  const costs = new Map<string, LayerCost | null>(keys.map((key, i) => [key, found[i]]))
  return {
    costOf: (node, k) => {
      const key = keyOf(node, k)
      return key === undefined ? undefined : costs.get(key)
    },
    summary: {
      problems: keys.length,
      optimal: found.filter((each) => each?.status === 'optimal').length,
      infeasible: found.filter((each) => each === null).length,
    },
  }
}
