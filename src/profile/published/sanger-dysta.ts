import { cyclesAt, type LatencyModel } from '../latency-model.js'
import { loadBalance } from '../sanger/load-balance.js'

const HIDDEN_WIDTH = 768
const GOPS = 64 * 16 * 2
const CLOCK_MHZ = 1000

/**
 * Seconds of one attention layer as the published scheduler computes them (specification §D.2), term by term in its
 * order of operations, so that the double is the same. Fixed width 768, 2048 GOPS, 1 GHz; the output projection is
 * scaled with the density although it is dense.
 * @param density survivors per score, 0 < density ≤ 1
 * @param balance utilisation of the processing elements, 0 < balance ≤ 1
 */
export function sangerLatencyS(density: number, balance: number, sequenceLength: number): number {
  const subRows = (density / balance / 0.25) * sequenceLength
  const projected = (GOPS / density) * balance
  const linear = (sequenceLength * HIDDEN_WIDTH * HIDDEN_WIDTH * 2 * 3) / 1e9 / GOPS
  const output = (sequenceLength * HIDDEN_WIDTH * HIDDEN_WIDTH * 2) / 1e9 / projected
  const row = (HIDDEN_WIDTH + 64 + (subRows + 64)) * (sequenceLength / 64)
  const attentionCycles = (subRows / 64) * row
  return linear + attentionCycles / 1e9 + output
}

/** The older formula of the same program: attention and output projection at 2048·balance/density GOPS. */
export function sangerSimpleLatencyS(
  density: number,
  balance: number,
  sequenceLength: number,
): number {
  const linear = (sequenceLength * HIDDEN_WIDTH * HIDDEN_WIDTH * 6) / 1e9 / GOPS
  const rest = (2 * HIDDEN_WIDTH * sequenceLength * (2 * sequenceLength + HIDDEN_WIDTH)) / 1e9
  return linear + rest / ((GOPS * balance) / density)
}

/** The published Sanger formula as a latency model: attention layers only, projections of width 768 included. */
export const sangerDysta: LatencyModel = {
  name: 'sanger-1',
  clockMhz: CLOCK_MHZ,
  rejects: (layer) =>
    layer.kind === 'attention'
      ? undefined
      : 'the published Sanger model times attention layers only (feed-forward layers do not exist in it)',
  prepare: (layer) => (input) => {
    if (layer.kind !== 'attention' || input.kind === 'mask') {
      throw new TypeError(`${layer.name} is not an attention layer with scores`)
    }
    // 32 elements per row as the scheduler reads the 50 % column, although its formula assumes 16.
    const { density, skipping } =
      input.kind === 'scores'
        ? loadBalance(input.scores, 32)
        : { density: input.density, skipping: 1 }
    const latencyS = skipping === 0 ? 0 : sangerLatencyS(density, skipping, layer.queries)
    const cycles = latencyS * CLOCK_MHZ * 1e6
    return { ...cyclesAt(CLOCK_MHZ, cycles, { total: cycles }), latencyS }
  },
}
