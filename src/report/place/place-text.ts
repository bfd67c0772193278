import { formatNumber, formatPercent } from '../../base/index.js'
import { textTable, type Column } from '../table.js'
import type { PlaceReport } from './report-data.js'

/** One row per core. */
export const coreColumns: readonly Column<PlaceReport['summary']['cores'][number]>[] = [
  { title: 'core', align: 'left', cell: (row) => `${row.kind} ${row.coreId}` },
  { title: 'operations', cell: (row) => row.tasks },
  { title: 'busy (µs)', cell: (row) => formatNumber(row.busyUs, 7) },
  { title: 'utilisation', cell: (row) => formatPercent(row.utilisation) },
]

/** For the terminal: headline, bounds, cores. */
export function placeText(report: PlaceReport): string {
  const { placement, summary, steady } = report
  const facts = factsOf(report).map((fact) => `${fact.label.padEnd(22)}${fact.value}`)
  const late =
    summary.missedDeadlines > 0
      ? [`${summary.missedDeadlines} of ${summary.inputs.length} inputs miss their deadline`]
      : []
  return [
    ...facts,
    ...late,
    '',
    textTable(coreColumns, summary.cores),
    '',
    `steady state: one input per ${formatNumber(steady.periodUs, 8)} µs (bound ${formatNumber(steady.boundUs, 8)}) with ${steady.inFlight} in flight, response ${formatNumber(steady.responseUs, 8)} µs`,
    `found by: ${placement.method}`,
  ].join('\n')
}

/** Headline figures. */
export function factsOf(report: PlaceReport): { label: string; value: string }[] {
  const { placement, problem, summary } = report
  const inputs = problem.request.applications.reduce((sum, app) => sum + app.inputs, 0)
  const gap = placement.lowerBoundUs > 0 ? placement.makespanUs / placement.lowerBoundUs - 1 : 0
  return [
    { label: 'makespan', value: `${formatNumber(placement.makespanUs, 10)} µs` },
    { label: 'lower bound', value: `${formatNumber(placement.lowerBoundUs, 10)} µs` },
    {
      label: 'gap',
      value: placement.status === 'optimal' ? 'none: optimal' : formatPercent(gap, 2),
    },
    { label: 'per input', value: `${formatNumber(placement.makespanUs / inputs, 8)} µs` },
    { label: 'evaluations', value: formatNumber(placement.evaluations, 9) },
    { label: 'time', value: `${formatNumber(report.seconds, 3)} s` },
    ...(summary.energyUj === undefined
      ? []
      : [{ label: 'energy', value: `${formatNumber(summary.energyUj, 6)} µJ` }]),
  ]
}
