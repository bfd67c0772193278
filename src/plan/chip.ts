import type { NetworkNode, Roofline, Scenario, ScenarioCore, Soc } from '../model/index.js'
import { macCount } from '../model/index.js'
import type { AnyAccelerator, LayerCost } from './layer-problem.js'

/** A kind of core with its accelerator read, if it has one. */
export interface ResolvedCore {
  readonly core: ScenarioCore
  readonly accelerator?: AnyAccelerator
}

/** Clock of an accelerator core: the accelerator's own, else the scenario's; undefined when neither says. */
export function clockMhzOf({ core, accelerator }: ResolvedCore): number | undefined {
  const own = accelerator?.clockMhz
  return own ?? (core.engine.kind === 'accelerator' ? core.engine.clockMhz : undefined)
}

/** The chip of a scenario, or one of its equal parts, as `place` sees it. */
export function socOf(scenario: Scenario, parts = 1): Soc {
  const { name, cores, interconnect } = scenario.chip
  return Object.freeze({
    kind: 'soc',
    name,
    cores: cores.map((each) => ({ name: each.name, count: each.count / parts })),
    ...(interconnect === undefined
      ? {}
      : {
          interconnect: {
            kind: interconnect.kind,
            latencyUs: interconnect.latencyUs,
            contention: interconnect.contention,
            // 1 GB/s is 1000 bytes per microsecond.
            usPerVolume: cores.map(() => cores.map(() => 1 / (1000 * interconnect.gbytesPerS))),
          },
        }),
  })
}

/**
 * Time and energy of one node on one kind of core; undefined when it cannot run there.
 * @param mapped cost of the node's loop nest on the core's accelerator, if it has both
 * @param density fraction of non-zero activations
 */
export function nodeCost(
  node: NetworkNode,
  resolved: ResolvedCore,
  mapped: LayerCost | null | undefined,
  density: number,
): { readonly latencyUs: number; readonly energyPj: number } | undefined {
  const { engine, runs } = resolved.core
  if (runs !== undefined && !runs.includes(node.type)) return undefined
  if (engine.kind === 'roofline') return rooflineCost(node, engine)
  if (mapped) {
    const clockMhz = clockMhzOf(resolved) as number
    const latencyUs = (mapped.latencyCycles / clockMhz) * sparsityShare(resolved, density)
    return { latencyUs, energyPj: mapped.energyPj }
  }
  return engine.vectorUnit === undefined ? undefined : rooflineCost(node, engine.vectorUnit)
}

/** The larger of the time of arithmetic and that of moving every byte once, plus the launch (Williams et al. 2009). */
function rooflineCost(
  node: NetworkNode,
  ceilings: Roofline,
): { readonly latencyUs: number; readonly energyPj: number } {
  const ops = scalarOps(node)
  const bytes = node.inputBytes + node.weightBytes + node.outputBytes
  const { gopsPerS, gbytesPerS, launchUs, pjPerOp, pjPerByte } = ceilings
  return {
    latencyUs: launchUs + Math.max(ops / (1000 * gopsPerS), bytes / (1000 * gbytesPerS)),
    energyPj: ops * pjPerOp + bytes * pjPerByte,
  }
}

/** A multiply-accumulate is two operations, a comparison or addition of pooling and residual sums one. */
function scalarOps({ work }: NetworkNode): number {
  switch (work.kind) {
    case 'layer': {
      const single = work.layer.operator === 'pool' || work.layer.operator === 'add'
      return macCount(work.layer) * (single ? 1 : 2)
    }
    case 'elementwise':
      return work.scalarOps
    case 'movement':
    case 'fused':
    case 'free':
      return 0
  }
}

/** How much of the dense time of a loop nest a core needs at a density of its activations. */
export function sparsityShare({ core }: ResolvedCore, density: number): number {
  const { engine } = core
  return engine.kind === 'accelerator' ? 1 - engine.sparsitySpeedup * (1 - density) : 1
}
