import type { Run, Trace } from '../../model/index.js'
import type { SummaryRow } from '../../serve/index.js'
import type { ReproductionInputs } from '../reproduction-inputs.js'
import type {
  ReproducedFigure,
  ReproducedTable,
  Reproduction,
  ReproductionResult,
} from '../reproduction.js'
import { experiments, platforms, runExperiment, SEEDS, type ExperimentJob } from './experiments.js'
import {
  compareAll,
  PAIRED_SEEDS,
  pairedFinding,
  pairedTable,
  runPaired,
  type PairedJob,
} from './paired-part.js'
import { correlationFigure, latencyProfile, predictorTable } from './predictor-parts.js'
import {
  schedulingFigures,
  schedulingFindings,
  summariseExperiment,
  table5,
  type ExperimentSummary,
} from './scheduling-parts.js'

/** The traces themselves: what the figures about traces and predictors are drawn from. */
interface TraceJob {
  readonly kind: 'traces'
  readonly platform: 'attention' | 'cnn'
  readonly source: string
  readonly traces: readonly Trace[]
}

type Job = ExperimentJob | PairedJob | TraceJob

const parts: Readonly<Record<string, string>> = {
  fig2: 'latency of the last layers over samples',
  fig9: 'correlation of sparsity between layers',
  table4: 'errors of the latency predictors',
  fig12: 'violations against ANTT of every scheduler',
  fig13: 'what knowing the sparsity is worth',
  fig14: 'metrics over the SLO',
  table5: 'metrics at SLO × 10',
  fig15: 'metrics over the arrival rate',
  paired: 'the default policy against Dysta at every operating point, over 30 repetitions',
}

/** Experiment behind a part; Table 5 is read off Fig. 14's. */
function experimentOf(part: string): string | undefined {
  return part === 'table5' ? 'fig14' : part in experiments ? part : undefined
}

/** Figures and tables of the serving half of Sparse-DySta (specification §8). */
export const dysta: Reproduction = {
  parts,
  plan(wanted, inputs: ReproductionInputs): readonly Job[] {
    const names = [...new Set(wanted.map(experimentOf))].filter((name) => name !== undefined)
    return platforms.flatMap((platform): Job[] => {
      const { traces, source } = inputs.traces(platform)
      return [
        { kind: 'traces', platform, source, traces },
        ...(wanted.includes('paired')
          ? PAIRED_SEEDS.map((seed): PairedJob => ({ kind: 'paired', platform, seed, traces }))
          : []),
        ...names.flatMap((experiment) =>
          SEEDS.flatMap((seed) =>
            (['published', 'standard'] as const).map((conventions): ExperimentJob => ({
              kind: 'experiment',
              experiment,
              platform,
              conventions,
              seed,
              traces,
            })),
          ),
        ),
      ]
    })
  },
  work(job, run: Run): SummaryRow[] {
    const given = job as Job
    switch (given.kind) {
      case 'experiment':
        return runExperiment(given, run)
      case 'paired':
        return runPaired(given, run)
      case 'traces':
        return []
    }
  },
  assemble(wanted, jobs, results): ReproductionResult {
    const given = jobs as readonly Job[]
    const figures: ReproducedFigure[] = []
    const tables: ReproducedTable[] = []
    const findings: string[] = []
    for (const job of given) {
      if (job.kind !== 'traces') continue
      const label = job.source.startsWith('synthetic') ? `${job.source} (not measured)` : job.source
      findings.push(`${job.platform}: ${job.traces.length} traces of ${label}.`)
      if (job.platform === 'attention') {
        if (wanted.includes('fig2')) figures.push(latencyProfile(job.traces, label))
        if (wanted.includes('fig9')) figures.push(correlationFigure(job.traces, label))
      }
      if (wanted.includes('table4')) tables.push(predictorTable(job.traces, job.platform))
      if (wanted.includes('paired')) {
        const rows = given.flatMap((each, i) =>
          each.kind === 'paired' && each.platform === job.platform
            ? (results[i] as SummaryRow[])
            : [],
        )
        const comparisons = compareAll(rows)
        tables.push(pairedTable(comparisons, job.platform))
        findings.push(pairedFinding(comparisons, job.platform))
      }
      for (const experiment of Object.keys(experiments)) {
        const summary = collect(given, results, experiment, job.platform, label)
        if (summary === undefined) continue
        if (wanted.includes(experiment)) figures.push(...schedulingFigures(summary))
        if (experiment === 'fig14' && wanted.includes('table5')) tables.push(table5(summary))
        if (experiment === 'fig12') findings.push(...schedulingFindings(summary))
      }
    }
    return { figures, tables, findings }
  },
}

function collect(
  jobs: readonly Job[],
  results: readonly unknown[],
  experiment: string,
  platform: ExperimentSummary['platform'],
  source: string,
): ExperimentSummary | undefined {
  const rowsOf = (conventions: string): SummaryRow[] =>
    jobs.flatMap((job, i) =>
      job.kind === 'experiment' &&
      job.experiment === experiment &&
      job.platform === platform &&
      job.conventions === conventions
        ? (results[i] as SummaryRow[])
        : [],
    )
  const rows = { published: rowsOf('published'), standard: rowsOf('standard') }
  if (rows.published.length === 0) return undefined
  return summariseExperiment(rows, { experiment, platform, source })
}
