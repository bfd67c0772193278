import { InputError } from '../../base/index.js'
import type { LayerMeasurement, NetworkProfile } from '../../model/index.js'
import {
  createProfiler,
  type LatencyModel,
  type MaskPrediction,
  type Profiler,
} from '../../profile/index.js'
import type { Session } from '../session.js'
import type { ChosenAccelerator } from './choose-accelerator.js'
import { Journal } from './journal.js'
import { layerRecorder, mappedModel } from './mapped-model.js'
import type { OpenModel } from './open-model.js'
import { startNetwork, type RunningNetwork } from './running-network.js'
import type { Samples } from './samples.js'

export interface ProfileRun {
  readonly open: OpenModel
  readonly samples: Samples
  /** Samples wanted; fewer are measured when the run is interrupted. */
  readonly count: number
  readonly accelerator: ChosenAccelerator
  readonly threshold: number
  readonly prediction?: MaskPrediction
  readonly runtime: string
  readonly name: string
  readonly network: string
  /** Where samples are kept until the profile is complete; undefined: nowhere. */
  readonly journalPath?: string
  /** Everything that changes what is measured, besides model and samples. */
  readonly settings: string
}

export interface ProfileOutcome {
  readonly profile: NetworkProfile
  readonly skipped: Profiler['skipped']
  readonly runtime: string
  readonly resumed: number
  readonly complete: boolean
  /** Forgets the journal; call when the profile is written. */
  finish(): void
}

/** Runs the model on each sample and measures its layers, going on where an interrupted run with the same settings stopped. */
export async function runProfile(session: Session, run: ProfileRun): Promise<ProfileOutcome> {
  const { open, samples, accelerator } = run
  if (run.count === 0) throw new InputError({ code: 'E-PRF-006', message: 'there is no sample' })
  const profilerOn = (model: LatencyModel): Profiler =>
    createProfiler(open.model.graph, {
      accelerator: model,
      threshold: run.threshold,
      readWeights: open.weights,
      ...(run.prediction === undefined ? {} : { prediction: run.prediction }),
    })
  const recorder = layerRecorder()
  const first = profilerOn(accelerator.kind === 'model' ? accelerator.model : recorder.model)
  const network = await startNetwork(run.runtime, open, samples, first, (m) => session.note(m))
  try {
    if (accelerator.kind === 'model') {
      return await measureSamples(session, run, network, first, accelerator.model.name, '')
    }
    // An accelerator of `map` learns the layers from one sample, maps them, and then times them.
    await network.measure(first, 0)
    const { model, denseCycles } = await mappedModel(session, accelerator, recorder.layers)
    const note = `, mapped for cycles: ${denseCycles} dense`
    return await measureSamples(session, run, network, profilerOn(model), model.name, note)
  } finally {
    await network.close()
  }
}

async function measureSamples(
  session: Session,
  run: ProfileRun,
  network: RunningNetwork,
  profiler: Profiler,
  accelerator: string,
  note: string,
): Promise<ProfileOutcome> {
  const { open, samples } = run
  const settings = run.settings + note
  const fingerprint = [open.fingerprint(), accelerator, network.runtime, settings].join(' | ')
  const journal = new Journal(run.journalPath, fingerprint)
  const known = Array.from({ length: run.count }, (_, sample) =>
    journal.find(sample, samples.label(sample)),
  )
  const resumed = known.filter((layers) => layers !== undefined).length
  if (resumed > 0) session.note(`resuming: ${resumed} of ${run.count} samples are already measured`)
  const kept: { dataset: string; layers: readonly LayerMeasurement[] }[] = []
  for (const [sample, before] of known.entries()) {
    const dataset = samples.dataset(sample)
    let layers = before
    if (layers === undefined) {
      if (session.signal.aborted) break
      session.progress(`sample ${sample + 1} of ${run.count} (${dataset})`, sample / run.count)
      layers = await network.measure(profiler, sample)
      journal.add({ sample, label: samples.label(sample), layers }, profiler.facts())
    }
    kept.push({ dataset, layers })
  }
  if (kept.length === 0) {
    throw new InputError({ code: 'E-PRF-006', message: 'no sample was measured' })
  }
  const profile: NetworkProfile = {
    kind: 'network-profile',
    name: run.name,
    network: run.network,
    provenance: 'measured',
    accelerator,
    generator: `heddle profile on ${network.runtime}, ${settings}`,
    layers: journal.facts ?? [],
    samples: kept,
  }
  return {
    profile,
    skipped: profiler.skipped,
    runtime: network.runtime,
    resumed,
    complete: kept.length === run.count,
    finish: () => journal.discard(),
  }
}
