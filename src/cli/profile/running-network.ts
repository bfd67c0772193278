import type { LayerMeasurement } from '../../model/index.js'
import type { Profiler } from '../../profile/index.js'
import { openRuntime, type OpenModel } from './open-model.js'
import type { Samples } from './samples.js'
import { valueSizes } from './value-sizes.js'

/**
 * Values that one run of the network may return at once: they are in memory twice, in the runtime and here, until they
 * are measured. A network whose layers need more runs several times per sample.
 */
const VALUES_PER_RUN_BYTES = 256 << 20

/** A network in a runtime, and the samples to run it on. */
export interface RunningNetwork {
  /** Name and version of the runtime. */
  readonly runtime: string
  /** Runs one sample and measures its layers; its values are let go of pass by pass. */
  measure(profiler: Profiler, sample: number): Promise<LayerMeasurement[]>
  close(): Promise<void>
}

/**
 * Loads a network into the runtime of this kind.
 * @param profiler any that measures the same layers as those that will be asked to
 */
export async function startNetwork(
  kind: string,
  open: OpenModel,
  samples: Samples,
  profiler: Profiler,
  note: (message: string) => void,
): Promise<RunningNetwork> {
  const passes = profiler.passes(valueSizes(open.model, samples.read(0)), VALUES_PER_RUN_BYTES)
  const runtime = await openRuntime(kind, open, profiler.wanted, note)
  return {
    runtime: runtime.name,
    async measure(by, sample) {
      const feeds = samples.read(sample)
      const layers: LayerMeasurement[] = []
      for (const pass of passes) {
        const values = await runtime.run(feeds, pass.wanted)
        layers.push(...by.measure(new Map([...values, ...feeds]), sample, pass))
      }
      return layers
    },
    close: () => runtime.close(),
  }
}
