import { confidence95, mean } from '../base/index.js'

/** One repetition's figures that the summary averages. */
export interface SummaryRow {
  readonly policy: string
  readonly rate: number | null
  readonly sloMultiplier: number | null
  readonly seed: number | null
  readonly antt: number
  readonly violationRate: number
  readonly throughput: number
  readonly p99LatencyS: number
  readonly anttBound: number | null
  readonly violationBound: number | null
}

/** Mean over repetitions with the half width of its 95 % confidence interval. */
export interface Estimate {
  readonly mean: number
  readonly halfWidth: number
}

/** A policy at one operating point, over all repetitions. */
export interface PointSummary {
  readonly policy: string
  readonly rate: number | null
  readonly sloMultiplier: number | null
  readonly repetitions: number
  readonly antt: Estimate
  readonly violationRate: Estimate
  readonly throughput: Estimate
  readonly p99LatencyS: Estimate
  /** Means of the bounds that no schedule can beat; null when not computed. */
  readonly anttBound: number | null
  readonly violationBound: number | null
}

/** Difference to a baseline on the same streams, repetition by repetition. */
export interface PairedComparison {
  readonly policy: string
  readonly baseline: string
  readonly rate: number | null
  readonly sloMultiplier: number | null
  readonly repetitions: number
  /** (policy − baseline) / mean of the baseline. */
  readonly anttRelative: Estimate
  /** policy − baseline, in points of the rate (0 … 1). */
  readonly violationDifference: Estimate
  readonly violationRate: number
  readonly baselineViolationRate: number
  /** Repetitions with fewer, equally many and more violations than the baseline. */
  readonly fewerViolations: number
  readonly equalViolations: number
  readonly moreViolations: number
  readonly lowerAntt: number
}

function estimate(values: readonly number[]): Estimate {
  return { mean: mean(values), halfWidth: confidence95(values) }
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === values.length && known.length > 0 ? mean(known) : null
}

function byPoint(rows: readonly SummaryRow[]): SummaryRow[][] {
  const points = new Map<string, SummaryRow[]>()
  for (const row of rows) {
    const key = `${row.policy} ${row.rate} ${row.sloMultiplier}`
    const list = points.get(key)
    if (list) list.push(row)
    else points.set(key, [row])
  }
  return [...points.values()]
}

/** Means over repetitions, per policy and operating point, in order of first appearance. */
export function summarise(rows: readonly SummaryRow[]): PointSummary[] {
  return byPoint(rows).map((point) => ({
    policy: point[0].policy,
    rate: point[0].rate,
    sloMultiplier: point[0].sloMultiplier,
    repetitions: point.length,
    antt: estimate(point.map((row) => row.antt)),
    violationRate: estimate(point.map((row) => row.violationRate)),
    throughput: estimate(point.map((row) => row.throughput)),
    p99LatencyS: estimate(point.map((row) => row.p99LatencyS)),
    anttBound: meanOrNull(point.map((row) => row.anttBound)),
    violationBound: meanOrNull(point.map((row) => row.violationBound)),
  }))
}

/**
 * Paired comparison of every policy with a baseline: both saw the same streams (common random numbers), so the
 * intervals are of the differences.
 */
export function compareWith(baseline: string, rows: readonly SummaryRow[]): PairedComparison[] {
  const points = byPoint(rows)
  return points.flatMap((point) => {
    const [{ policy, rate, sloMultiplier }] = point
    if (policy === baseline) return []
    const reference = points.find(
      ([row]) =>
        row.policy === baseline && row.rate === rate && row.sloMultiplier === sloMultiplier,
    )
    if (reference === undefined) return []
    const pairs = point.flatMap((row) => {
      const other = reference.find((candidate) => candidate.seed === row.seed)
      return other ? [{ row, other }] : []
    })
    const anttBase = mean(pairs.map(({ other }) => other.antt))
    const violations = pairs.map(({ row, other }) => row.violationRate - other.violationRate)
    return [
      {
        policy,
        baseline,
        rate,
        sloMultiplier,
        repetitions: pairs.length,
        anttRelative: estimate(pairs.map(({ row, other }) => (row.antt - other.antt) / anttBase)),
        violationDifference: estimate(violations),
        violationRate: mean(pairs.map(({ row }) => row.violationRate)),
        baselineViolationRate: mean(pairs.map(({ other }) => other.violationRate)),
        fewerViolations: violations.filter((d) => d < 0).length,
        equalViolations: violations.filter((d) => d === 0).length,
        moreViolations: violations.filter((d) => d > 0).length,
        lowerAntt: pairs.filter(({ row, other }) => row.antt < other.antt).length,
      },
    ]
  })
}
