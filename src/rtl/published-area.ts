/** Area of one hardware scheduler as the specification's flow measured it (§13: Yosys 0.23, 7-series, flattened, no pads). */
export interface MeasuredArea {
  readonly design: string
  readonly slots: number
  readonly luts: number
  readonly lutsAsRam: number
  readonly ffs: number
  readonly dsps: number
  readonly blockRams: number
  readonly works: boolean
}

const row = (
  design: string,
  works: boolean,
  [luts, lutsAsRam, ffs, dsps, blockRams]: readonly [number, number, number, number, number],
): MeasuredArea =>
  Object.freeze({ design, slots: 64, luts, lutsAsRam, ffs, dsps, blockRams, works })

/** The released RTL (tool-acceptance edits only) and its repaired baseline, 64 slots. The first row is the unit of Fig. 16. */
export const publishedAreas: readonly MeasuredArea[] = Object.freeze([
  row('released, separate, FP32', false, [5380, 77, 7316, 8, 3]),
  row('released, shared, FP32', false, [4022, 2, 6183, 6, 3]),
  row('released, shared, FP16', false, [2725, 50, 3975, 5, 1.5]),
  row('repaired baseline, shared, FP32', true, [15577, 67, 10411, 10, 4]),
  row('repaired baseline, shared, FP16', true, [8129, 35, 5928, 5, 2]),
])

/** Eyeriss-V2, one cluster and sixteen of them: the denominator of the published overhead (specification §10). */
export const eyerissV2 = Object.freeze({
  cluster: Object.freeze({ luts: 4196, ffs: 817, dsps: 12 }),
  clusters: 16,
  luts: 67136,
  ffs: 13072,
  dsps: 192,
})
