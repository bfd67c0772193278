import type { Run, Trace } from '../../model/index.js'
import {
  compareWith,
  createTables,
  standard,
  type PairedComparison,
  type SummaryRow,
} from '../../serve/index.js'
import type { ReproducedTable } from '../reproduction.js'
import { experiments, OWN_POLICY, REQUESTS, runPoints, type Platform } from './experiments.js'

const BASELINE = 'dysta'
const FIRST_SEED = 11001
const SEEDS = 30

/** Repetitions that no policy was tuned on. */
export const PAIRED_SEEDS = Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i)

/** One repetition of every published operating point of a platform, under Dysta and Heddle's default policy. */
export interface PairedJob {
  readonly kind: 'paired'
  readonly platform: Platform
  readonly seed: number
  readonly traces: readonly Trace[]
}

export function runPaired(job: PairedJob, run: Run): SummaryRow[] {
  const tables = createTables(job.traces, standard)
  return operatingPoints(job.platform).flatMap(({ rate, sloMultipliers }) => {
    const experiment = { rates: [rate], sloMultipliers, policies: [BASELINE, OWN_POLICY] }
    return runPoints(tables, experiment, job.seed, false, run)
  })
}

/** Every pair of rate and SLO that an experiment of the publication has, once. */
function operatingPoints(
  platform: Platform,
): { readonly rate: number; readonly sloMultipliers: readonly number[] }[] {
  const byRate = new Map<number, Set<number>>()
  for (const experiment of Object.values(experiments)) {
    const { rates, sloMultipliers } = experiment[platform]
    for (const rate of rates) {
      const known = byRate.get(rate) ?? new Set()
      for (const multiplier of sloMultipliers) known.add(multiplier)
      byRate.set(rate, known)
    }
  }
  return [...byRate]
    .map(([rate, known]) => ({ rate, sloMultipliers: [...known].sort((a, b) => a - b) }))
    .sort((a, b) => a.rate - b.rate)
}

export function compareAll(rows: readonly SummaryRow[]): readonly PairedComparison[] {
  return compareWith(BASELINE, rows)
}

/** The paired test: differences on the same streams, with half widths of their 95 % confidence intervals. */
export function pairedTable(
  comparisons: readonly PairedComparison[],
  platform: Platform,
): ReproducedTable {
  return {
    name: `paired-${platform}`,
    title: `${OWN_POLICY} against Dysta on the same streams, ${platform}: ${SEEDS} repetitions (seeds ${FIRST_SEED} to ${FIRST_SEED + SEEDS - 1}) of ${REQUESTS} requests, standard semantics`,
    columns: [
      'rate (/s)',
      'SLO multiplier',
      'Dysta violations (%)',
      'violations (%)',
      'difference (points)',
      'difference ±',
      'ANTT difference (%)',
      'ANTT ±',
      'fewer / same / more violations',
      'lower ANTT',
    ],
    rows: comparisons.map((row): (string | number)[] => [
      row.rate ?? 0,
      row.sloMultiplier ?? 0,
      100 * row.baselineViolationRate,
      100 * row.violationRate,
      100 * row.violationDifference.mean,
      100 * row.violationDifference.halfWidth,
      100 * row.anttRelative.mean,
      100 * row.anttRelative.halfWidth,
      `${row.fewerViolations} / ${row.equalViolations} / ${row.moreViolations}`,
      `${row.lowerAntt} of ${row.repetitions}`,
    ]),
  }
}

/** What the table says in a line, the points where the policy does not win included. */
export function pairedFinding(
  comparisons: readonly PairedComparison[],
  platform: Platform,
): string {
  const where = (wins: (row: PairedComparison) => boolean): number =>
    comparisons.filter(wins).length
  const fewer = where((row) => row.violationRate < row.baselineViolationRate)
  const none = where((row) => row.violationRate === 0 && row.baselineViolationRate === 0)
  const alike = where(
    (row) => row.violationRate > 0 && row.violationRate === row.baselineViolationRate,
  )
  const more = where((row) => row.violationRate > row.baselineViolationRate)
  const significant = where(({ violationDifference: { mean, halfWidth } }) => mean + halfWidth < 0)
  const antt = comparisons.map((row) => 100 * row.anttRelative.mean)
  return `${platform}: ${OWN_POLICY} has fewer violations than Dysta at ${fewer} of ${comparisons.length} operating points (${significant} beyond the 95 % interval), neither has any at ${none}, as many at ${alike}, more at ${more}; its ANTT differs by ${Math.min(...antt).toFixed(1)} to ${Math.max(...antt).toFixed(1)} %.`
}
