import { formatNumber } from '../../base/index.js'
import type { CostSummary, StackDetail } from '../../fuse/index.js'
import { textTable, type Column } from '../table.js'
import type { FuseReport } from './fuse-report.js'

interface Row {
  readonly schedule: string
  readonly cost: CostSummary
}

/** Headline columns; figures in mJ and millions of cycles. */
export const costColumns: readonly Column<Row>[] = [
  { title: 'schedule', align: 'left', cell: (row) => row.schedule },
  { title: 'energy [mJ]', cell: ({ cost }) => (cost.energyPj / 1e9).toFixed(4) },
  { title: 'latency [Mcycles]', cell: ({ cost }) => (cost.latencyCycles / 1e6).toFixed(4) },
  { title: 'MACs [G]', cell: ({ cost }) => (cost.macs / 1e9).toFixed(3) },
]

/** The best schedule and the baselines, for tables. */
export function headlineRows(report: FuseReport): Row[] {
  const { best, baselines } = report
  const where =
    best.mode === 'per-stack'
      ? 'mode and tile per stack'
      : `${best.mode}, tile ${best.tileX}×${best.tileY}`
  return [
    {
      schedule: `best: ${best.stacks} ${best.stacks === 1 ? 'stack' : 'stacks'}, ${where}`,
      cost: best,
    },
    ...(baselines.layerByLayer
      ? [{ schedule: 'layer by layer', cost: baselines.layerByLayer }]
      : []),
    ...(baselines.singleLayer ? [{ schedule: 'single layers', cost: baselines.singleLayer }] : []),
  ]
}

/** What a person reads in the terminal. */
export function fuseText(report: FuseReport): string {
  const { network, accelerator, conventions, objective } = report
  const lines = [
    `${network} on ${accelerator} (${conventions} model), minimising ${objective}`,
    '',
    textTable(costColumns, headlineRows(report)),
    '',
    ...report.stacks.map((stack, i) => `${i + 1}. ${stackLine(stack)}`),
    '',
    `How it is known: ${report.proof}.`,
    `${report.points.length} points, ${formatNumber(report.problems.asked)} layer problems (${formatNumber(report.problems.distinct)} different), ${formatNumber(report.evaluations)} mappings evaluated in ${report.seconds.toFixed(1)} s`,
  ]
  const reshaped = reshapedLine(report)
  if (reshaped !== undefined) lines.push(reshaped)
  if (report.infeasible.length > 0) {
    lines.push(
      `${report.infeasible.length} points do not fit, e.g. ${report.infeasible[0].mode} ${report.infeasible[0].tileX}×${report.infeasible[0].tileY}: ${report.infeasible[0].message}`,
    )
  }
  return lines.join('\n')
}

/** Edges that are named in one line. */
const NAMED = 6

/** Why stacks had to end, in one line; undefined where they were free. */
export function reshapedLine({ reshaped }: FuseReport): string | undefined {
  if (reshaped.length === 0) return undefined
  const named = reshaped
    .slice(0, NAMED)
    .map(({ map, reader, reason }) => `${map} → ${reader} (${reason})`)
  const more = reshaped.length > NAMED ? ` and ${reshaped.length - NAMED} more` : ''
  return `Stacks end between ${named.join(', ')}${more}.`
}

/** A stack in one line. */
export function stackLine(stack: StackDetail): string {
  const { layers, mode, tileX, tileY, homes, summary } = stack
  const names =
    layers.length === 1
      ? layers[0]
      : `${layers[0]} … ${layers[layers.length - 1]} (${layers.length} layers)`
  const caches = [
    ...(homes.columns === null ? [] : [`columns in ${homes.columns}`]),
    ...(homes.rows === null ? [] : [`rows in ${homes.rows}`]),
    `weights in ${homes.weights}`,
  ]
  const tiles = stack.tileTypes.reduce((sum, type) => sum + type.count, 0)
  const how =
    tiles === 1
      ? 'in one piece'
      : `${mode}, ${tiles} tiles of ${tileX}×${tileY} (${stack.tileTypes.length} types)`
  return `${names}: ${how}; ${caches.join(', ')}; ${(summary.energyPj / 1e9).toFixed(4)} mJ, ${(summary.latencyCycles / 1e6).toFixed(4)} Mcycles`
}
