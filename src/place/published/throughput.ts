import { mean } from '../../base/index.js'

/** Batch sizes of the published throughput metric; the published text lists all but the last. */
export const publishedBatchSizes = [2, 4, 8, 16, 32, 64, 128] as const

/** The published metric: the mean over batch sizes of makespan per input. */
export interface ThroughputMetric {
  readonly batchSizes: readonly number[]
  readonly makespanUs: readonly number[]
  readonly perBatchUs: readonly number[]
  readonly averagePerBatchUs: number
}

/** Published throughput metric (specification §8). @param makespanOf makespan in µs for a number of inputs */
export function throughputMetric(
  makespanOf: (inputs: number) => number,
  batchSizes: readonly number[] = publishedBatchSizes,
): ThroughputMetric {
  const makespanUs = batchSizes.map(makespanOf)
  const perBatchUs = makespanUs.map((makespan, i) => makespan / batchSizes[i])
  return { batchSizes, makespanUs, perBatchUs, averagePerBatchUs: mean(perBatchUs) }
}
