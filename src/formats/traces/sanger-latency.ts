const PE_ROWS = 64
const PE_COLUMNS = 16
const HIDDEN = 768
const HEAD = 64
/** Multiply-accumulates of both halves of a PE, operations per cycle at full load. */
const PEAK = PE_ROWS * PE_COLUMNS * 1 * 2

/**
 * Latency in seconds of one attention layer on Sanger (Lu et al. 2021) at 1 GHz, from the density of its attention
 * matrix and the load balance of the PE array (specification §1.2). The order of operations is the published one.
 * @param density fraction of kept attention entries, (0, 1]
 * @param balance utilisation of the PE array, (0, 1]
 */
export function sangerLayerLatencyS(
  density: number,
  balance: number,
  sequenceLength: number,
): number {
  const subRows = (density / balance / 0.25) * sequenceLength
  const sparsePeak = (PEAK / density) * balance
  const projectionsS = (sequenceLength * HIDDEN * HIDDEN * 2 * 3) / 1e9 / PEAK
  const outputS = (sequenceLength * HIDDEN * HIDDEN * 2) / 1e9 / sparsePeak
  const tileCycles = HIDDEN + HEAD + (subRows + HEAD)
  const rowCycles = tileCycles * (sequenceLength / PE_ROWS)
  const attentionCycles = (subRows / PE_ROWS) * rowCycles
  return projectionsS + attentionCycles / 1e9 + outputS
}
