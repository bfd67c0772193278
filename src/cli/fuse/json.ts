import { formatDiagnostic } from '../../base/index.js'
import type { CostSummary, Objective } from '../../fuse/index.js'
import type { FuseReport } from '../../report/fuse/index.js'
import type { FuseAnswer } from './compute.js'

/** The document of `heddle fuse --json`; text and report are drawn from it too. */
export function fuseJson(answer: FuseAnswer, objective: Objective): FuseReport {
  const { setting, exploration, stacks, seconds } = answer
  const { best, baselines } = exploration
  return {
    accelerator: setting.accelerator.name,
    network: setting.workload.name,
    conventions: setting.conventions,
    search: setting.search,
    objective,
    points: exploration.points.map(({ mode, tileX, tileY, ...point }) => ({
      mode,
      tileX,
      tileY,
      ...costOf(point),
    })),
    infeasible: exploration.infeasible.map(({ reason, ...at }) => ({
      ...at,
      message: formatDiagnostic(reason),
    })),
    best: {
      mode: best.mode,
      tileX: best.tileX,
      tileY: best.tileY,
      objective: best.objective,
      ...costOf(best),
      stacks: best.stacks.length,
    },
    status: exploration.status,
    proof: exploration.proof,
    complete: exploration.complete,
    baselines: {
      singleLayer: baselines.singleLayer ?? null,
      layerByLayer: baselines.layerByLayer ?? null,
    },
    stacks,
    reshaped: exploration.reshaped,
    seconds,
    evaluations: exploration.evaluations,
    problems: exploration.problems,
    candidates: exploration.candidates,
  }
}

function costOf(cost: CostSummary): CostSummary {
  const { energyPj, latencyCycles, latencyWithOffloadCycles, macs, tileTypes, breakdown } = cost
  return { energyPj, latencyCycles, latencyWithOffloadCycles, macs, tileTypes, breakdown }
}
