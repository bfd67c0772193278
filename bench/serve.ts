import { performance } from 'node:perf_hooks'
import { presetInputs } from '../src/cli/reproduction-inputs.js'
import { createTrace, quietRun } from '../src/model/index.js'
import { experiments, REQUESTS, type ExperimentJob } from '../src/reproduce/dysta/experiments.js'
import { dysta } from '../src/reproduce/dysta/index.js'
import {
  createDrawSource,
  createTables,
  policies,
  poissonStream,
  simulate,
  standard,
} from '../src/serve/index.js'
import { runJobs } from '../src/workers/index.js'
import type { BenchRow, Suite } from './bench-row.js'

const MANY = 1_000_000
const LAYERS = 24
const LOAD = 0.8

/** One network of 24 layers whose samples vary like a sparse one's, 10 ms on average. */
function uniformTables(): ReturnType<typeof createTables> {
  const samples = 200
  const size = samples * LAYERS
  const wave = (i: number): number => 0.5 + 0.3 * Math.sin(1.7 * Math.floor(i / LAYERS) + 0.1 * i)
  return createTables(
    [
      createTrace({
        name: 'uniform',
        sampleCount: samples,
        layerCount: LAYERS,
        latencyS: Float64Array.from(
          { length: size },
          (_, i) => (0.01 / LAYERS) * 2 * (1 - wave(i)),
        ),
        sparsity: Float64Array.from({ length: size }, (_, i) => wave(i)),
      }),
    ],
    standard,
  )
}

/** CPU seconds, which a busy machine does not stretch as it does the clock. */
function cpuSince(start: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(start)
  return (used.user + used.system) / 1e6
}

function throughput(name: string, target: string, note?: string): BenchRow {
  const tables = uniformTables()
  const meanS = tables.profiles[0].networkLatencyS
  const source = createDrawSource(1)
  const stream = poissonStream(tables, { sloMultipliers: [10] }, source, MANY, LOAD / meanS)
  const options = { alpha: 1, beta: 0.01 }
  // A short stream first, so that the compiler has seen the code.
  const warm = poissonStream(tables, { sloMultipliers: [10] }, source, 20_000, LOAD / meanS)
  simulate(warm, tables, policies[name], options, quietRun)
  let best = Infinity
  for (let i = 0; i < 3; i++) {
    const started = process.cpuUsage()
    simulate(stream, tables, policies[name], options, quietRun)
    best = Math.min(best, cpuSince(started))
  }
  return {
    name: `${name}, 10⁶ requests of ${LAYERS} layers, load ${LOAD}`,
    measured: `${(MANY / best / 1e6).toFixed(2)} M requests/s of CPU`,
    target,
    ...(note === undefined ? {} : { note }),
  }
}

const THREADS = 2
const PARTS = ['fig12', 'fig13', 'fig14', 'fig15']

/** Every simulation of the publication's experiments on worker threads, as `heddle reproduce dysta` runs them. */
async function publishedSet(): Promise<BenchRow> {
  const jobs = dysta
    .plan(PARTS, presetInputs)
    .map((job) => job as ExperimentJob)
    .filter(({ kind, conventions }) => kind === 'experiment' && conventions === 'published')
  const simulations = jobs.map(({ experiment, platform }) => {
    const { rates, sloMultipliers, policies: names } = experiments[experiment][platform]
    return rates.length * sloMultipliers.length * names.length
  })
  const total = simulations.reduce((sum, each) => sum + each, 0)
  const wall = performance.now()
  const cpu = process.cpuUsage()
  await runJobs(
    new URL('../src/cli/jobs/reproduce.js', import.meta.url),
    jobs
      .map((job, i) => ({ job, size: simulations[i] }))
      .sort((one, other) => other.size - one.size)
      .map(({ job }) => ({ system: 'dysta', job })),
    { threads: THREADS, seed: 1, signal: new AbortController().signal },
  )
  const cpuS = cpuSince(cpu)
  return {
    name: `the published experiment set, ${total} simulations of ${REQUESTS} requests`,
    measured: `${cpuS.toFixed(1)} s of CPU`,
    target: '20 s (10 s on two threads)',
    published: 'about 53 min of CPU',
    note: `${THREADS} threads, start and look-up tables included; ${((performance.now() - wall) / 1000).toFixed(1)} s by the clock`,
  }
}

/** `heddle serve`: requests per second of the cores, and the publication's experiments. */
export const suite: Suite = async () => [
  throughput('fcfs', '1 M'),
  throughput('srpt', '1 M'),
  throughput('sjf_sparse', '1 M'),
  throughput('rs', '1 M'),
  throughput('dysta', '0.3 M', 'decides before every layer, mostly without a scan'),
  throughput('priced_triage', '–', 'a decision before every layer'),
  await publishedSet(),
]
