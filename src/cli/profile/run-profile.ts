import { InputError } from '../../base/index.js'
import type { LayerMeasurement, NetworkProfile } from '../../model/index.js'
import {
  createProfiler,
  type MaskPrediction,
  type Profiler,
  type ProfilerOptions,
} from '../../profile/index.js'
import type { Session } from '../session.js'
import type { ChosenAccelerator } from './choose-accelerator.js'
import { Journal } from './journal.js'
import { layerRecorder, mappedModel } from './mapped-model.js'
import { openRuntime, type OpenModel } from './open-model.js'
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
  const { open, samples } = run
  const options = {
    threshold: run.threshold,
    readWeights: open.weights,
    ...(run.prediction === undefined ? {} : { prediction: run.prediction }),
  }
  const { model: accelerator, note } = await latencyModel(session, run, options)
  const settings = run.settings + note
  const profiler = createProfiler(open.model.graph, { ...options, accelerator })
  const runtime = await openRuntime(run.runtime, open, profiler.wanted, (m) => session.note(m))
  const fingerprint = [open.fingerprint(), accelerator.name, runtime.name, settings].join(' | ')
  const journal = new Journal(run.journalPath, fingerprint)
  const resumed = [...journal.done.keys()].filter((sample) => sample < run.count).length
  if (resumed > 0) session.note(`resuming: ${resumed} of ${run.count} samples are already measured`)
  const kept: { dataset: string; layers: readonly LayerMeasurement[] }[] = []
  try {
    for (let sample = 0; sample < run.count; sample++) {
      const dataset = samples.dataset(sample)
      let entry = journal.done.get(sample)
      if (entry === undefined) {
        if (session.signal.aborted) break
        session.progress(`sample ${sample + 1} of ${run.count} (${dataset})`, sample / run.count)
        const feeds = samples.read(sample)
        const values = await runtime.run(feeds)
        const layers = profiler.measure(new Map([...values, ...feeds]), sample)
        entry = { sample, dataset, layers }
        journal.add(entry, profiler.facts())
      }
      kept.push({ dataset: entry.dataset, layers: entry.layers })
    }
  } finally {
    await runtime.close()
  }
  if (kept.length === 0) {
    throw new InputError({ code: 'E-PRF-006', message: 'no sample was measured' })
  }
  const profile: NetworkProfile = {
    kind: 'network-profile',
    name: run.name,
    network: run.network,
    provenance: 'measured',
    accelerator: accelerator.name,
    generator: `heddle profile on ${runtime.name}, ${settings}`,
    layers: journal.facts ?? [],
    samples: kept,
  }
  return {
    profile,
    skipped: profiler.skipped,
    runtime: runtime.name,
    resumed,
    complete: kept.length === run.count,
    finish: () => journal.discard(),
  }
}

/** The model to time layers with; an accelerator of `map` first learns the layers from one sample. */
async function latencyModel(
  session: Session,
  run: ProfileRun,
  options: Omit<ProfilerOptions, 'accelerator'>,
): Promise<{ readonly model: ProfilerOptions['accelerator']; readonly note: string }> {
  const { open, samples, accelerator } = run
  if (accelerator.kind === 'model') return { model: accelerator.model, note: '' }
  const recorder = layerRecorder()
  const profiler = createProfiler(open.model.graph, { ...options, accelerator: recorder.model })
  const runtime = await openRuntime(run.runtime, open, profiler.wanted, () => undefined)
  try {
    const feeds = samples.read(0)
    profiler.measure(new Map([...(await runtime.run(feeds)), ...feeds]), 0)
  } finally {
    await runtime.close()
  }
  const { model, denseCycles } = await mappedModel(session, accelerator, recorder.layers)
  return { model, note: `, mapped for cycles: ${denseCycles} dense` }
}
