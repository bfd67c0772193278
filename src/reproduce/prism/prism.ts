import type { CoreKind, CostSource, Operation, Run } from '../../model/index.js'
import {
  checkSchedule,
  compileProblem,
  lowerBounds,
  policies,
  published,
  type PlaceRequest,
} from '../../place/index.js'
import type { ReproducedTable, Reproduction } from '../reproduction.js'
import type { PlaceInput } from './place-input.js'

/** Published figures of the sample output, µs: Xception, 4 NPUs, 2 CPUs, 16 inputs. */
const published16 = {
  random: 2183219.796971777,
  'npu-first': 1064300.6650120076,
  prism: 1045100.6650120077,
} as const
/** Published averages over batch sizes of makespan per input, µs. */
const publishedAverage = { random: 144489.07836541932, 'npu-first': 81885.69693808591 } as const

interface Job {
  readonly part: 'sample' | 'average' | 'auto'
  readonly name: 'random' | 'npu-first' | 'prism' | 'auto'
  readonly clockUs: number
  readonly input: PlaceInput
}

interface Outcome {
  readonly makespanUs: number
  readonly boundUs: number
  readonly valid: boolean
  readonly accepted: readonly { pass: number; op: number; makespanUs: number }[]
}

/** The sample outputs and the throughput averages of PRISM, the convergence of its hill climbing, and Heddle's own. */
export const prism: Reproduction = {
  parts: {
    sample:
      'makespan of 16 inputs under random, npu-first and prism, with lower bounds and the convergence of prism',
    average: 'average time per input over seven batch sizes',
    auto: 'what a better search reaches on the same chip, on the published clock and in continuous time',
  },
  plan(parts, inputs) {
    const input = inputs.placeInput('xception', 'grai')
    const jobs: Job[] = []
    if (parts.includes('sample'))
      for (const name of ['random', 'npu-first', 'prism'] as const)
        jobs.push({ part: 'sample', name, clockUs: 100, input })
    if (parts.includes('average'))
      for (const name of ['random', 'npu-first'] as const)
        jobs.push({ part: 'average', name, clockUs: 100, input })
    if (parts.includes('auto'))
      for (const clockUs of [100, 0]) jobs.push({ part: 'auto', name: 'auto', clockUs, input })
    return jobs
  },
  work(job, run) {
    return work(job as Job, run)
  },
  assemble(_parts, jobs, results) {
    const pairs = (jobs as Job[]).map((job, i) => ({ job, outcome: results[i] as Outcome }))
    return assemble(pairs)
  },
}

function work(job: Job, run: Run): Outcome {
  const request = requestOf(job.input, 16, job.clockUs)
  if (job.part === 'average') {
    const graph = published.fifoGraphOf(request)
    const mapping =
      job.name === 'random' ? published.randomMapping(graph, 42) : published.npuFirstMapping(graph)
    const counts = job.input.soc.cores.map((kind) => kind.count)
    const metric = published.throughputMetric((inputs) =>
      new published.SelfTimed(graph, counts, inputs, job.clockUs).run(mapping),
    )
    return { makespanUs: metric.averagePerBatchUs, boundUs: 0, valid: true, accepted: [] }
  }
  const placed = policies[job.name].place(request, run)
  return {
    makespanUs: placed.makespanUs,
    boundUs: lowerBounds(compileProblem(request)).bestUs,
    valid: checkSchedule(request, placed.schedule).violations.length === 0,
    accepted: placed.accepted ?? [],
  }
}

function requestOf(input: PlaceInput, inputs: number, clockUs: number): PlaceRequest {
  const rows = new Map<Operation, readonly (number | null)[]>(
    input.graph.operations.map((operation, i) => [operation, input.timesUs[i]]),
  )
  const costs: CostSource = {
    cost(operation: Operation, core: CoreKind) {
      const k = input.soc.cores.findIndex((kind) => kind.name === core.name)
      const time = rows.get(operation)?.[k]
      return time === undefined || time === null ? undefined : { latencyUs: time }
    },
  }
  return { applications: [{ graph: input.graph, inputs }], soc: input.soc, costs, clockUs }
}

interface Pair {
  readonly job: Job
  readonly outcome: Outcome
}

function assemble(pairs: readonly Pair[]): ReturnType<Reproduction['assemble']> {
  const findings: string[] = []
  const tables: ReproducedTable[] = []
  const shown = pairs.filter(({ job }) => job.part !== 'average')
  if (shown.length > 0) {
    tables.push({
      name: 'makespan-16-inputs',
      title: 'Makespan of 16 inputs of Xception on 4 NPUs and 2 CPUs',
      columns: [
        'policy',
        'clock (µs)',
        'published (µs)',
        'Heddle (µs)',
        'lower bound (µs)',
        'above bound (%)',
      ],
      rows: shown.map(({ job, outcome }) => [
        job.name,
        job.clockUs,
        job.name === 'auto' ? '' : published16[job.name],
        outcome.makespanUs,
        outcome.boundUs,
        Number((100 * (outcome.makespanUs / outcome.boundUs - 1)).toFixed(2)),
      ]),
    })
  }
  for (const { job, outcome } of shown) {
    if (job.name === 'auto') {
      const gain = (100 * (1 - outcome.makespanUs / published16.prism)).toFixed(2)
      findings.push(
        `auto reaches ${outcome.makespanUs} µs (${job.clockUs > 0 ? 'clock 100 µs' : 'continuous time'}), ${gain} % below the published result and ${(100 * (outcome.makespanUs / outcome.boundUs - 1)).toFixed(2)} % above the lower bound; the checker finds the schedule ${outcome.valid ? 'valid' : 'INVALID'}`,
      )
    } else {
      const same = outcome.makespanUs === published16[job.name]
      findings.push(
        `${job.name}: ${outcome.makespanUs} µs, ${same ? 'equal to the published figure to the last digit' : `published ${published16[job.name]}`}`,
      )
    }
  }
  const averages = pairs.filter(({ job }) => job.part === 'average')
  if (averages.length > 0) {
    tables.push({
      name: 'average-per-input',
      title: 'Average time per input over 2, 4, 8, 16, 32, 64 and 128 inputs',
      columns: ['policy', 'published (µs)', 'Heddle (µs)'],
      rows: averages.map(({ job, outcome }) => [
        job.name,
        publishedAverage[job.name as 'random' | 'npu-first'],
        outcome.makespanUs,
      ]),
    })
    for (const { job, outcome } of averages) {
      const figure = publishedAverage[job.name as 'random' | 'npu-first']
      const same = Math.abs(outcome.makespanUs / figure - 1) < 1e-12
      findings.push(
        `average per input, ${job.name}: ${outcome.makespanUs} µs, ${same ? 'equal to the published figure' : `published ${figure}`}`,
      )
    }
  }
  const climb = pairs.find(({ job }) => job.part === 'sample' && job.name === 'prism')
  return {
    figures: climb === undefined ? [] : [convergence(climb.outcome)],
    tables,
    findings,
  }
}

function convergence(outcome: Outcome): ReturnType<Reproduction['assemble']>['figures'][number] {
  const steps = outcome.accepted.map(({ makespanUs }, i) => [
    i + 1,
    makespanUs / 1000,
    'hill climbing',
  ])
  const flat = (value: number, name: string): (string | number)[][] =>
    [0, outcome.accepted.length].map((flip) => [flip, value / 1000, name])
  const table: ReproducedTable = {
    name: 'convergence',
    title: 'Hill climbing: makespan after each accepted flip',
    columns: ['accepted flips', 'makespan (ms)', 'series'],
    rows: [
      [0, published16.random / 1000, 'hill climbing'],
      ...steps,
      ...flat(outcome.boundUs, 'lower bound'),
    ],
  }
  return {
    name: 'convergence',
    title: 'Convergence of the published hill climbing',
    caption:
      'Makespan of 16 inputs after each flip that was kept, from the random mapping. The first sweep ends at the npu-first mapping; the second and third move four operations back to the CPUs. The lower bound stays 6 % below.',
    table,
    chart: {
      kind: 'lines',
      x: 'accepted flips',
      y: 'makespan (ms)',
      series: 'series',
      xScale: 'linear',
      scale: 'linear',
    },
  }
}
