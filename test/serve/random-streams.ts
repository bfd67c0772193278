import { createRng } from '../../src/base/index.js'
import {
  createRequestStream,
  createTrace,
  type RequestStream,
  type Trace,
} from '../../src/model/index.js'

/** A small random set of traces and a stream on it; `grid` puts times on a coarse grid, so that ties are common. */
export function randomCase(
  seed: number,
  grid: boolean,
): { traces: Trace[]; stream: RequestStream } {
  const rng = createRng(seed, 3)
  const quantity = (low: number, high: number): number =>
    grid
      ? (1 + rng.below(8)) * 0.125 * Math.max(1, Math.round(high))
      : low + (high - low) * rng.next()
  const layersOfNetwork = 1 + rng.below(4)
  const traces = Array.from({ length: 1 + rng.below(3) }, (_, t) => {
    const pooled = rng.below(2) === 0
    const layerCount = pooled ? layersOfNetwork : 1 + rng.below(5)
    const sampleCount = 1 + rng.below(4)
    const size = sampleCount * layerCount
    return createTrace({
      name: `trace${t}`,
      ...(pooled ? { network: 'shared' } : {}),
      sampleCount,
      layerCount,
      latencyS: Float64Array.from({ length: size }, () => quantity(0.05, 1)),
      sparsity: Float64Array.from({ length: size }, () =>
        grid ? 0.125 * rng.below(8) : 0.95 * rng.next(),
      ),
    })
  })
  let arrivalS = 0
  const count = 2 + rng.below(grid ? 10 : 30)
  const stream = createRequestStream(
    Array.from({ length: count }, () => {
      arrivalS += grid ? 0.25 * rng.below(5) : rng.exponential(1)
      const traceIndex = rng.below(traces.length)
      return {
        arrivalS,
        traceIndex,
        sampleIndex: rng.below(traces[traceIndex].sampleCount),
        priority: [1, 3, 9][rng.below(3)],
        sloS: grid ? 0.5 * (1 + rng.below(12)) : 12 * rng.next(),
      }
    }),
  )
  return { traces, stream }
}
