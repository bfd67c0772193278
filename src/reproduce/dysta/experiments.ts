import type { Run, Trace } from '../../model/index.js'
import {
  conventionsByName,
  createTables,
  evaluateStream,
  generateStream,
  policies,
  singleAccelerator,
  sloVariants,
  type ServeTables,
  type SummaryRow,
} from '../../serve/index.js'

export type Platform = 'attention' | 'cnn'
export const platforms: readonly Platform[] = ['attention', 'cnn']

/** One published driver on one platform: what it runs. */
export interface Experiment {
  readonly rates: readonly number[]
  readonly sloMultipliers: readonly number[]
  readonly policies: readonly string[]
}

const compared = ['fcfs', 'sjf', 'prema', 'planaria', 'sdrm3', 'dysta']
const withOracle = [...compared, 'dysta_oracle']
const slos = [10, 25, 50, 75, 100, 150]

/** Experiments of the publication's artifact (specification §8); all of 1000 requests and 5 repetitions. */
export const experiments: Readonly<Record<string, Readonly<Record<Platform, Experiment>>>> = {
  fig12: {
    attention: { rates: [30, 40], sloMultipliers: [10], policies: compared },
    cnn: { rates: [3, 4], sloMultipliers: [10], policies: compared },
  },
  fig13: {
    attention: { rates: [30], sloMultipliers: [10], policies: ['prema', 'dysta_naive', 'dysta'] },
    cnn: { rates: [3], sloMultipliers: [10], policies: ['prema', 'dysta_naive', 'dysta'] },
  },
  fig14: {
    attention: { rates: [30, 40], sloMultipliers: slos, policies: withOracle },
    cnn: { rates: [3, 4], sloMultipliers: slos, policies: withOracle },
  },
  fig15: {
    attention: { rates: [10, 20, 30, 40], sloMultipliers: [10], policies: withOracle },
    cnn: { rates: [2, 3, 4, 5, 6], sloMultipliers: [10], policies: withOracle },
  },
}

export const REQUESTS = 1000
export const SEEDS = [1, 2, 3, 4, 5]

/** Heddle's own policy joins the figures under standard semantics. */
export const OWN_POLICY = 'priced_triage'

/** One repetition of an experiment. */
export interface ExperimentJob {
  readonly kind: 'experiment'
  readonly experiment: string
  readonly platform: Platform
  readonly conventions: 'published' | 'standard'
  readonly seed: number
  readonly traces: readonly Trace[]
}

/** A row per rate, SLO and policy. */
export function runExperiment(job: ExperimentJob, run: Run): SummaryRow[] {
  const { policies: names, ...points } = experiments[job.experiment][job.platform]
  const tables = createTables(job.traces, conventionsByName[job.conventions])
  const standard = job.conventions === 'standard'
  const wanted = standard && job.experiment !== 'fig13' ? [...names, OWN_POLICY] : names
  return runPoints(tables, { ...points, policies: wanted }, job.seed, standard, run)
}

/** A row per rate, SLO and policy of one repetition. */
export function runPoints(
  tables: ServeTables,
  { rates, sloMultipliers, policies: wanted }: Experiment,
  seed: number,
  bounded: boolean,
  run: Run,
): SummaryRow[] {
  return rates.flatMap((rate, rateIndex) => {
    const stream = generateStream(tables, {
      arrivals: { process: 'poisson' },
      requests: REQUESTS,
      rates,
      rateIndex,
      seed,
    })
    const result = evaluateStream(
      sloVariants(stream, tables, sloMultipliers),
      tables,
      wanted.map((name) => policies[name]),
      { alpha: 1, beta: 0.01, system: singleAccelerator, bounds: bounded },
      run,
    )
    return (result?.outcomes ?? []).map((outcome): SummaryRow => {
      const sloMultiplier = outcome.sloMultiplier ?? 0
      const bounds = result?.bounds[sloMultipliers.indexOf(sloMultiplier)]
      const { metrics } = outcome
      return {
        policy: outcome.policy,
        rate,
        sloMultiplier,
        seed,
        antt: metrics.antt,
        violationRate: metrics.violationRate,
        throughput: metrics.throughput,
        p99LatencyS: metrics.latencyS.p99,
        anttBound: bounds?.antt ?? null,
        violationBound: bounds?.violationRate ?? null,
      }
    })
  })
}
