import { formatNumber, formatPercent } from '../../base/index.js'
import type {
  CoreLoad,
  NetworkPlan,
  PlannedOperation,
  PlannedStack,
  PolicyOutcome,
} from '../../plan/index.js'
import type { Column } from '../table.js'
import type { PlannedVariant } from './plan-document.js'

const ms = (us: number): string => formatNumber(us / 1000)

export const networkColumns: readonly Column<NetworkPlan>[] = [
  { title: 'network', align: 'left', cell: (row) => row.name },
  { title: 'operations', cell: (row) => row.operations.length },
  { title: 'latency ms', cell: (row) => ms(row.makespanUs) },
  { title: 'bound ms', cell: (row) => ms(row.lowerBoundUs) },
  {
    title: 'gap',
    cell: (row) =>
      row.status === 'optimal'
        ? '0 (proven)'
        : formatPercent(row.makespanUs / row.lowerBoundUs - 1),
  },
  { title: 'energy µJ', cell: (row) => formatNumber(row.energyPj / 1e6) },
  { title: 'allowed ms', cell: (row) => ms(row.sloUs) },
  { title: 'per second', cell: (row) => formatNumber(row.ratePerS) },
]

export const loadColumns: readonly Column<CoreLoad>[] = [
  { title: 'cores', align: 'left', cell: (row) => row.core },
  { title: 'count', cell: (row) => row.count },
  { title: 'load', cell: (row) => formatPercent(row.load) },
  {
    title: 'by network',
    align: 'left',
    cell: (row) =>
      row.networks.map((each) => `${each.name} ${formatPercent(each.load)}`).join(', '),
  },
]

export const policyColumns: readonly Column<PolicyOutcome>[] = [
  { title: 'policy', align: 'left', cell: (row) => row.policy },
  { title: 'violations', cell: (row) => formatPercent(row.violationRate, 2) },
  { title: '± 95 %', cell: (row) => formatPercent(row.violationRate95, 2) },
  { title: 'ANTT', cell: (row) => formatNumber(row.antt, 4) },
  { title: 'mean ms', cell: (row) => formatNumber(row.meanLatencyMs, 4) },
  { title: 'p99 ms', cell: (row) => formatNumber(row.p99LatencyMs, 4) },
  { title: 'busy', cell: (row) => formatPercent(row.utilisation) },
  { title: 'requests', cell: (row) => row.requests },
]

export const operationColumns: readonly Column<PlannedOperation>[] = [
  { title: 'operation', align: 'left', cell: (row) => row.name },
  { title: 'type', align: 'left', cell: (row) => row.type },
  { title: 'core', align: 'left', cell: (row) => `${row.core} ${row.coreId}` },
  { title: 'start µs', cell: (row) => formatNumber(row.startUs, 6) },
  { title: 'end µs', cell: (row) => formatNumber(row.endUs, 6) },
  { title: 'energy µJ', cell: (row) => formatNumber(row.energyPj / 1e6, 4) },
  { title: 'mapping', align: 'left', cell: (row) => row.mapping },
]

/** A stack with the network it belongs to. */
export interface StackRow extends PlannedStack {
  readonly network: string
}

export function stackRows(networks: readonly NetworkPlan[]): StackRow[] {
  return networks.flatMap(({ name, stacks }) => stacks.map((each) => ({ ...each, network: name })))
}

export const stackColumns: readonly Column<StackRow>[] = [
  { title: 'network', align: 'left', cell: (row) => row.network },
  {
    title: 'stack',
    align: 'left',
    cell: (row) => `${row.layers[0]} … ${row.layers[row.layers.length - 1]}`,
  },
  { title: 'layers', cell: (row) => row.layers.length },
  { title: 'core', align: 'left', cell: (row) => row.core },
  { title: 'mode', align: 'left', cell: (row) => row.mode },
  { title: 'tile', cell: (row) => `${row.tileX}×${row.tileY}` },
  { title: 'ms', cell: (row) => ms(row.latencyUs) },
  { title: 'alone ms', cell: (row) => ms(row.aloneLatencyUs) },
  { title: 'energy µJ', cell: (row) => formatNumber(row.energyPj / 1e6) },
  { title: 'alone µJ', cell: (row) => formatNumber(row.aloneEnergyPj / 1e6) },
  { title: 'saves', cell: (row) => formatPercent(1 - row.energyPj / row.aloneEnergyPj) },
]

/** One line per variant: what was replaced, and how it turned out. */
export function variantColumns(variants: readonly PlannedVariant[]): Column<PlannedVariant>[] {
  const { name, unit } = variants[0].result.objective
  return [
    ...Object.keys(variants[0].settings).map((path): Column<PlannedVariant> => ({
      title: path,
      cell: (row) => row.settings[path],
    })),
    {
      title: unit === '' ? name : `${name} ${unit}`,
      cell: (row) => formatNumber(row.result.objective.value),
    },
    { title: 'policy', align: 'left', cell: (row) => row.result.best.policy },
    { title: 'violations', cell: (row) => formatPercent(row.result.best.violationRate, 2) },
    { title: 'mean ms', cell: (row) => formatNumber(row.result.best.meanLatencyMs, 4) },
    { title: 'p99 ms', cell: (row) => formatNumber(row.result.best.p99LatencyMs, 4) },
    { title: 'power W', cell: (row) => formatNumber(row.result.powerW, 4) },
  ]
}
