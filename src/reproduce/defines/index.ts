import type { StackDetail } from '../../fuse/index.js'
import type { ReproducedFigure, ReproducedTable, Reproduction } from '../reproduction.js'
import { caseFigures, type CaseRow } from './case-figures.js'
import {
  accessFigures,
  diagonalFigures,
  macsFigure,
  sweepGrids,
  tileTypes,
  topLevels,
  workingSets,
  type Sweeps,
} from './figures.js'
import { findings } from './findings.js'
import {
  semantics,
  sweepJobs,
  work,
  type CaseMisfit,
  type CaseResult,
  type DefinesJob,
  type SweepPoint,
} from './jobs.js'

const accelerators = [
  'meta-prototype',
  'ascend-like',
  'edge-tpu-like',
  'tesla-npu-like',
  'tpu-like',
]
const networks = ['fsrcnn', 'dmcnnvd', 'mccnn', 'mobilenetv1', 'resnet18']
const SWEEP = 'meta-prototype-df'
const sweepParts = ['fig6', 'fig12', 'fig13', 'fig14', 'fig15']

/** Figs. 6, 9, 10, 12 to 15 and the tables of case studies 2 and 3. */
export const defines: Reproduction = {
  parts: {
    fig6: 'tile types per mode and tile size',
    fig9: 'highest memory in use per tile type, layer and operand',
    fig10: 'feature maps per layer against the buffers',
    fig12: 'energy and latency of 108 points',
    fig13: 'operations on the diagonal',
    fig14: 'accesses per memory on the diagonal',
    fig15: 'energy and latency on the diagonal',
    case2: 'strategies on five networks',
    case3: 'strategies on ten accelerators and five networks',
  },
  plan: (parts, inputs) => {
    const jobs: DefinesJob[] = []
    const needs = (...names: string[]): boolean => names.some((name) => parts.includes(name))
    for (const each of semantics) {
      if (needs(...sweepParts, 'fig9', 'fig10')) {
        const problem = {
          semantics: each,
          accelerator: inputs.hierarchicalAccelerator(SWEEP),
          workload: inputs.network('fsrcnn'),
        }
        if (needs(...sweepParts)) jobs.push(...sweepJobs(problem))
        if (needs('fig9', 'fig10')) jobs.push({ kind: 'design', ...problem })
      }
      const wanted = needs('case3')
        ? accelerators.flatMap((name) => [name, `${name}-df`])
        : needs('case2')
          ? [SWEEP]
          : []
      for (const accelerator of wanted) {
        for (const network of networks) {
          jobs.push({
            kind: 'case',
            semantics: each,
            accelerator: inputs.hierarchicalAccelerator(accelerator),
            workload: inputs.network(network),
          })
        }
      }
    }
    return jobs
  },
  work: (job, run) => work(job as DefinesJob, run),
  assemble: (parts, jobs, results) => {
    const done = (jobs as readonly DefinesJob[]).map((job, i) => ({ job, result: results[i] }))
    const sweeps = Object.fromEntries(
      semantics.map((each) => [
        each,
        done
          .filter(({ job }) => job.kind === 'sweep' && job.semantics === each)
          .flatMap(({ result }) => result as readonly SweepPoint[]),
      ]),
    ) as unknown as Sweeps
    const designs = done.filter(({ job }) => job.kind === 'design')
    const outcomes = done.flatMap(({ job, result }) =>
      job.kind === 'case'
        ? [
            {
              semantics: job.semantics,
              accelerator: job.accelerator.name,
              network: job.workload.name,
              result: result as CaseResult | CaseMisfit,
            },
          ]
        : [],
    )
    const cases = outcomes.flatMap(({ result, ...each }): CaseRow[] =>
      'misfit' in result ? [] : [{ ...each, result }],
    )
    const misfits = outcomes.flatMap(({ semantics, accelerator, network, result }) =>
      'misfit' in result
        ? [`${semantics}: ${network} does not run on ${accelerator}: ${result.misfit}.`]
        : [],
    )
    const figures: ReproducedFigure[] = []
    const tables: ReproducedTable[] = []
    const wants = (part: string): boolean => parts.includes(part)
    if (wants('fig6')) figures.push(tileTypes(sweeps))
    if (designs.length > 0) {
      const details = Object.fromEntries(
        designs.map(({ job, result }) => [job.semantics, result as StackDetail]),
      ) as Record<(typeof semantics)[number], StackDetail>
      if (wants('fig9')) figures.push(...topLevels(details, designs[0].job.accelerator))
      if (wants('fig10')) figures.push(workingSets(details))
    }
    if (wants('fig12')) figures.push(...sweepGrids(sweeps))
    if (wants('fig13')) figures.push(macsFigure(sweeps))
    if (wants('fig14')) figures.push(...accessFigures(sweeps))
    if (wants('fig15')) figures.push(...diagonalFigures(sweeps))
    if (wants('case2')) {
      const own = cases.filter((row) => row.accelerator === SWEEP)
      const { figures: drawn, table } = caseFigures(
        'case2',
        'Case study 2: Meta-prototype-DF',
        own,
        'network',
      )
      figures.push(...drawn)
      tables.push(table)
    }
    if (wants('case3')) {
      const { figures: drawn, table } = caseFigures('case3', 'Case study 3', cases, 'accelerator')
      figures.push(...drawn)
      tables.push(table)
    }
    return { figures, tables, findings: [...findings(parts, sweeps, cases), ...misfits] }
  },
}
