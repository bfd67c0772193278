import { formatNumber } from '../../base/index.js'
import { renderPage, tableSection, type Section } from '../page.js'
import { perfettoTrace } from '../perfetto.js'
import { csvTable, type Column } from '../table.js'
import { ganttFigure, type Figure } from './gantt.js'
import { coreColumns, factsOf } from './place-text.js'
import type { PlaceReport } from './report-data.js'

/** One row of the table of operation instances. */
interface InstanceRow {
  readonly index: number
  readonly network: string
  readonly input: number
  readonly operation: string
  readonly type: string
  readonly core: string
  readonly coreId: number
  readonly startUs: number
  readonly endUs: number
}

const instanceColumns: readonly Column<InstanceRow>[] = [
  { title: 'index', cell: (row) => row.index },
  { title: 'network', align: 'left', cell: (row) => row.network },
  { title: 'input', cell: (row) => row.input },
  { title: 'operation', align: 'left', cell: (row) => row.operation },
  { title: 'type', align: 'left', cell: (row) => row.type },
  { title: 'core', align: 'left', cell: (row) => row.core },
  { title: 'coreId', cell: (row) => row.coreId },
  { title: 'startUs', cell: (row) => row.startUs },
  { title: 'endUs', cell: (row) => row.endUs },
]

/** `report.html` and everything it is made of. */
export function placeFiles(report: PlaceReport): ReadonlyMap<string, string> {
  const { summary } = report
  const rows = instanceRows(report)
  const gantt = ganttFigure(report)
  return new Map([
    ['report.html', pageOf(report, gantt)],
    ['gantt.svg', gantt.svg],
    ['schedule.csv', csvTable(instanceColumns, rows)],
    ['cores.csv', csvTable(coreColumns, summary.cores)],
    ['schedule.json', JSON.stringify(publishedLists(report)) + '\n'],
    [
      'trace.json',
      perfettoTrace(
        rows.map((row) => ({
          name: row.operation,
          process: row.core,
          track: `${row.core} ${row.coreId}`,
          startUs: row.startUs,
          durationUs: row.endUs - row.startUs,
          args: { input: row.input, type: row.type },
        })),
      ),
    ],
  ])
}

function instanceRows(report: PlaceReport): InstanceRow[] {
  const { problem: p, placement } = report
  const { schedule } = placement
  return schedule.startUs.map((startUs, index) => {
    const { graph } = p.request.applications[p.application[index]]
    const operation = graph.operations[p.operation[index]]
    return {
      index,
      network: graph.name,
      input: p.input[index],
      operation: operation.name,
      type: operation.type,
      core: schedule.core[index],
      coreId: schedule.coreId[index],
      startUs,
      endUs: schedule.endUs[index],
    }
  })
}

/** The schedule in the lists of the published program. */
function publishedLists(report: PlaceReport): object {
  const { problem: p, placement } = report
  const { schedule } = placement
  return {
    start_times: schedule.startUs,
    end_times: schedule.endUs,
    computing_cores: schedule.core,
    computing_ids: schedule.coreId,
    operation: Array.from(
      p.operation,
      (i, t) => p.request.applications[p.application[t]].graph.operations[i].type,
    ),
    ...(schedule.transfers === undefined ? {} : { transfers: schedule.transfers }),
    extime: schedule.endUs.map((end, t) => end - schedule.startUs[t]),
  }
}

function pageOf(report: PlaceReport, gantt: Figure): string {
  const { placement, problem, summary, steady } = report
  const { soc } = problem.request
  const inputs = problem.request.applications.map((app) => app.inputs).join(', ')
  const chip = soc.cores.map((kind) => `${kind.count} ${kind.name}`).join(', ')
  const sections: Section[] = [
    { kind: 'facts', facts: factsOf(report) },
    { kind: 'figure', ...gantt },
    { kind: 'heading', text: 'Cores' },
    tableSection(coreColumns, summary.cores),
    { kind: 'heading', text: 'Lower bounds' },
    tableSection(
      [
        { title: 'bound', align: 'left', cell: (row) => row.name },
        { title: 'µs', cell: (row) => formatNumber(row.us, 10) },
      ],
      [
        { name: 'critical path', us: placement.bounds.criticalPathUs },
        {
          name: 'work that only one kind can do, with head and tail',
          us: placement.bounds.dedicatedLoadUs,
        },
        { name: 'resource LP, with head and tail', us: placement.bounds.resourceLpUs },
      ],
    ),
    { kind: 'heading', text: 'Steady state' },
    {
      kind: 'text',
      paragraphs: [
        `A modulo schedule of ${steady.stages} stages delivers one input every ${formatNumber(steady.periodUs, 8)} µs; no schedule can do better than ${formatNumber(steady.boundUs, 8)} µs. ${steady.inFlight} inputs are in flight, each for at most ${formatNumber(steady.responseUs, 8)} µs.`,
      ],
    },
  ]
  return renderPage({
    title: `Placement of ${report.title}`,
    lead: `${inputs} ${inputs === '1' ? 'input' : 'inputs'} on ${soc.name} (${chip}), policy ${report.policy}${problem.clockUs > 0 ? `, clock ${problem.clockUs} µs` : ''}; found by ${placement.method}.`,
    sections,
    footer: report.commandLine,
  })
}
