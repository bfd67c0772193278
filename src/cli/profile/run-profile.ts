import { InputError } from '../../base/index.js'
import type { LayerMeasurement, NetworkProfile } from '../../model/index.js'
import { createProfiler, type LatencyModel, type Profiler } from '../../profile/index.js'
import type { Session } from '../session.js'
import { Journal } from './journal.js'
import { openRuntime, type OpenModel } from './open-model.js'
import type { Samples } from './samples.js'

export interface ProfileRun {
  readonly open: OpenModel
  readonly samples: Samples
  /** Samples wanted; fewer are measured when the run is interrupted. */
  readonly count: number
  readonly accelerator: LatencyModel
  readonly threshold: number
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
  const profiler = createProfiler(open.model.graph, {
    accelerator,
    threshold: run.threshold,
    readWeights: open.weights,
  })
  const runtime = await openRuntime(run.runtime, open, profiler.wanted, (m) => session.note(m))
  const fingerprint = [open.fingerprint(), accelerator.name, runtime.name, run.settings].join(' | ')
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
    generator: `heddle profile on ${runtime.name}, ${run.settings}`,
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
