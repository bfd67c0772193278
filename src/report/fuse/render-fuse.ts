import type { HierarchicalAccelerator } from '../../model/index.js'
import { renderPage, tableSection, type Section } from '../page.js'
import { csvTable, type Column } from '../table.js'
import {
  breakdownFigures,
  gridFigures,
  layerFigure,
  tileFigures,
  waitingFigures,
  type FuseFigure,
} from './fuse-figures.js'
import type { FusePoint, FuseReport } from './fuse-report.js'
import { costColumns, headlineRows, reshapedLine, stackLine } from './fuse-text.js'
import { scheduleText } from './schedule-text.js'

/** Stacks whose memories are drawn; the others are in the schedule. */
const DRAWN_STACKS = 4

const pointColumns: readonly Column<FusePoint>[] = [
  { title: 'mode', align: 'left', cell: (point) => point.mode },
  { title: 'tile X', cell: (point) => point.tileX },
  { title: 'tile Y', cell: (point) => point.tileY },
  { title: 'energy [pJ]', cell: (point) => point.energyPj },
  { title: 'latency [cycles]', cell: (point) => point.latencyCycles },
  { title: 'MACs', cell: (point) => point.macs },
  { title: 'tile types', cell: (point) => point.tileTypes },
]

/** All files of `heddle fuse --out`. */
export function renderFuse(
  report: FuseReport,
  accelerator: HierarchicalAccelerator,
  commandLine: string,
): ReadonlyMap<string, string> {
  const grids = gridFigures(report)
  const breakdowns = breakdownFigures(report)
  const perLayer = layerFigure(report.stacks)
  const tiles = report.stacks
    .filter((stack) => stack.tileTypes.length > 0)
    .slice(0, DRAWN_STACKS)
    .flatMap((stack, i) => tileFigures(stack, i, accelerator))
  const whole = waitingFigures(report.stacks)
  const schedule = scheduleText(report)
  const files = new Map<string, string>()
  for (const { name, svg, table } of [...grids, ...breakdowns, perLayer, ...whole, ...tiles]) {
    files.set(`${name}.svg`, svg)
    files.set(
      `${name}.csv`,
      csvTable(
        table.columns.map((title, i) => ({
          title,
          cell: (row: readonly (string | number)[]) => row[i],
        })),
        table.rows,
      ),
    )
  }
  files.set('points.csv', csvTable(pointColumns, report.points))
  files.set('schedule.txt', schedule + '\n')
  files.set('schedule.json', JSON.stringify(report.stacks, null, 1) + '\n')
  files.set(
    'report.html',
    page(
      report,
      { grids, breakdowns, perLayer, tiles: [...whole, ...tiles] },
      schedule,
      commandLine,
    ),
  )
  return files
}

function reshapedText(report: FuseReport): string[] {
  const line = reshapedLine(report)
  return line === undefined ? [] : [line]
}

function page(
  report: FuseReport,
  figures: {
    readonly grids: readonly FuseFigure[]
    readonly breakdowns: readonly FuseFigure[]
    readonly perLayer: FuseFigure
    readonly tiles: readonly FuseFigure[]
  },
  schedule: string,
  commandLine: string,
): string {
  const { best, baselines } = report
  const show = ({ svg, caption }: FuseFigure): Section => ({ kind: 'figure', svg, caption })
  const gain = (
    other: { readonly energyPj: number; readonly latencyCycles: number } | null,
    of: 'energyPj' | 'latencyCycles',
  ): string => (other === null ? '' : `${(other[of] / best[of]).toFixed(2)}×`)
  const sections: Section[] = [
    {
      kind: 'facts',
      facts: [
        { label: 'Energy', value: `${(best.energyPj / 1e9).toFixed(3)} mJ` },
        { label: 'Latency', value: `${(best.latencyCycles / 1e6).toFixed(3)} Mcycles` },
        {
          label: 'Less energy than layer by layer',
          value: gain(baselines.layerByLayer, 'energyPj'),
        },
        {
          label: 'Faster than layer by layer',
          value: gain(baselines.layerByLayer, 'latencyCycles'),
        },
        { label: 'Stacks', value: String(best.stacks) },
      ],
    },
    tableSection(costColumns, headlineRows(report)),
    { kind: 'text', paragraphs: [`How it is known: ${report.proof}.`, ...reshapedText(report)] },
    ...(figures.grids.length > 0
      ? [{ kind: 'heading', text: 'Tile sizes' } as const, ...figures.grids.map(show)]
      : []),
    { kind: 'heading', text: 'Where energy and time go' },
    ...figures.breakdowns.map(show),
    show(figures.perLayer),
    { kind: 'heading', text: 'Memories' },
    ...figures.tiles.map(show),
    { kind: 'heading', text: 'The schedule' },
    {
      kind: 'text',
      paragraphs: report.stacks.map((stack, i) => `${i + 1}. ${stackLine(stack)}`),
    },
    {
      kind: 'details',
      summary: 'Every tile type: copies, memories, loops (schedule.txt)',
      sections: [{ kind: 'code', text: schedule }],
    },
    {
      kind: 'details',
      summary: `All ${report.points.length} points (points.csv)`,
      sections: [tableSection(pointColumns, report.points)],
    },
  ]
  if (report.infeasible.length > 0) {
    sections.push({
      kind: 'details',
      summary: `${report.infeasible.length} points that do not fit`,
      sections: [
        tableSection(
          [
            { title: 'mode', align: 'left', cell: (each) => each.mode },
            { title: 'tile', cell: (each) => `${each.tileX}×${each.tileY}` },
            { title: 'why', align: 'left', cell: (each) => each.message },
          ],
          report.infeasible,
        ),
      ],
    })
  }
  return renderPage({
    title: `${report.network} on ${report.accelerator}`,
    lead: `Depth-first scheduling for the least ${report.objective}, ${report.conventions} cost model.`,
    sections,
    footer: commandLine,
  })
}
