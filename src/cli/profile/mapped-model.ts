import { InfeasibleError } from '../../base/index.js'
import type { Layer } from '../../model/index.js'
import {
  densityCorrected,
  type ConvLayer,
  type DenseTime,
  type LatencyModel,
} from '../../profile/index.js'
import type { DenseTimeJob, DenseTimeOutcome } from '../jobs/dense-time.js'
import type { Session } from '../session.js'
import type { ChosenAccelerator } from './choose-accelerator.js'
import { loopNest } from './loop-nest.js'

type Mapped = Extract<ChosenAccelerator, { kind: 'mapped' }>

/** A latency model from mappings, and how long the network takes without any zero skipped. */
export interface MappedModel {
  readonly model: LatencyModel
  readonly denseCycles: number
}

/** Notes the layers that a profiler asks about; their times mean nothing. */
export function layerRecorder(): { readonly model: LatencyModel; readonly layers: ConvLayer[] } {
  const layers: ConvLayer[] = []
  const model: LatencyModel = {
    name: 'recorder',
    clockMhz: 1,
    rejects: (layer) =>
      layer.kind === 'attention' ? 'attention is mapped as products' : undefined,
    prepare(layer) {
      if (layer.kind === 'conv') layers.push(layer)
      return () => ({ cycles: 0, latencyS: 0, parts: {} })
    },
  }
  return { model, layers }
}

/**
 * Maps each distinct layer for the fewest cycles, exactly, and corrects the dense times by the zeros.
 * @throws InfeasibleError naming every layer that has no mapping
 */
export async function mappedModel(
  session: Session,
  { accelerator, clockMhz }: Mapped,
  layers: readonly ConvLayer[],
): Promise<MappedModel> {
  const distinct = new Map<string, Layer>()
  for (const layer of layers) {
    const nest = loopNest(layer)
    const key = shapeOf(nest)
    if (!distinct.has(key)) distinct.set(key, nest)
  }
  const jobs = [...distinct.values()].map((layer): DenseTimeJob => ({
    layer,
    accelerator,
    clockMhz,
  }))
  let done = 0
  const outcomes = await session.runJobs<DenseTimeJob, DenseTimeOutcome>('dense-time', jobs, {
    onDone: (job) => session.progress(`mapping ${jobs[job].layer.name}`, ++done / jobs.length),
  })
  const infeasible = outcomes.flatMap((each) => ('infeasible' in each ? each.infeasible : []))
  if (infeasible.length > 0) throw new InfeasibleError(infeasible)
  const times = new Map<string, DenseTime>()
  for (const [i, key] of [...distinct.keys()].entries()) {
    const outcome = outcomes[i]
    if ('time' in outcome) times.set(key, outcome.time)
  }
  const timeOf = (layer: ConvLayer): DenseTime | undefined => times.get(shapeOf(loopNest(layer)))
  return {
    model: densityCorrected(accelerator.name, clockMhz, (layer) =>
      layer.kind === 'conv' ? timeOf(layer) : undefined,
    ),
    denseCycles: layers.reduce((sum, layer) => sum + (timeOf(layer)?.totalCycles ?? 0), 0),
  }
}

/** Equal for layers that are one mapping problem. */
function shapeOf(layer: Layer): string {
  return JSON.stringify({ ...layer, name: '' })
}
