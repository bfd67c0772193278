import { formatNumber, formatPercent } from '../../base/index.js'
import type { Roofline, ScenarioCore } from '../../model/index.js'
import {
  operationGroups,
  type CoreLoad,
  type NetworkPlan,
  type OperationGroup,
  type PlannedOperation,
  type PlannedStack,
  type PlanResult,
  type PolicyOutcome,
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

/** A group of operations with the network it belongs to and its share of that network's work. */
export interface WorkRow extends OperationGroup {
  readonly network: string
  readonly share: number
}

/** Per network the groups that make up 95 % of its work. */
export function workRows(networks: readonly NetworkPlan[]): WorkRow[] {
  return networks.flatMap(({ name, operations }) => {
    const groups = operationGroups(operations)
    const busy = groups.reduce((sum, each) => sum + each.busyUs, 0)
    let shown = 0
    return groups.flatMap((group): WorkRow[] => {
      if (shown >= 0.95 * busy) return []
      shown += group.busyUs
      return [{ ...group, network: name, share: group.busyUs / busy }]
    })
  })
}

export const workColumns: readonly Column<WorkRow>[] = [
  { title: 'network', align: 'left', cell: (row) => row.network },
  { title: 'operations', align: 'left', cell: (row) => `${row.count} × ${row.type}` },
  { title: 'core', align: 'left', cell: (row) => row.core },
  { title: 'ms', cell: (row) => ms(row.busyUs) },
  { title: 'of its work', cell: (row) => formatPercent(row.share) },
  { title: 'energy µJ', cell: (row) => formatNumber(row.energyPj / 1e6) },
]

/** One kind of core in words. */
export const chipColumns: readonly Column<ScenarioCore>[] = [
  { title: 'cores', align: 'left', cell: (row) => row.name },
  { title: 'count', cell: (row) => row.count },
  { title: 'what it is', align: 'left', cell: (row) => engineText(row.engine) },
]

function engineText(engine: ScenarioCore['engine']): string {
  if (engine.kind === 'roofline') return `ceilings ${ceilings(engine)}`
  return [
    engine.accelerator,
    ...(engine.clockMhz === undefined ? [] : [`at ${formatNumber(engine.clockMhz)} MHz`]),
    `mapped for least ${engine.metric}`,
    ...(engine.deepestStack === undefined
      ? []
      : [`stacks of up to ${engine.deepestStack} layers depth-first`]),
    ...(engine.sparsitySpeedup > 0
      ? [`${formatPercent(engine.sparsitySpeedup, 0)} of the time of zeros saved`]
      : []),
    ...(engine.vectorUnit === undefined ? [] : [`vector unit ${ceilings(engine.vectorUnit)}`]),
  ].join(', ')
}

function ceilings({ gopsPerS, gbytesPerS }: Roofline): string {
  return `${formatNumber(gopsPerS)} Gop/s and ${formatNumber(gbytesPerS)} GB/s`
}

/** How one network was served, beside what it was allowed. */
export interface ServiceRow {
  readonly plan: NetworkPlan
  readonly served: PolicyOutcome['networks'][number]
}

export const serviceColumns: readonly Column<ServiceRow>[] = [
  { title: 'network', align: 'left', cell: ({ plan }) => plan.name },
  { title: 'requests', cell: ({ served }) => served.requests },
  { title: 'alone ms', cell: ({ plan }) => ms(plan.makespanUs) },
  { title: 'p99 ms', cell: ({ served }) => formatNumber(served.p99LatencyMs, 4) },
  { title: 'allowed ms', cell: ({ plan }) => ms(plan.sloUs) },
  { title: 'misses', cell: ({ served }) => formatPercent(served.violationRate, 2) },
  { title: 'mW', cell: ({ plan }) => formatNumber(plan.energyPj * plan.ratePerS * 1e-9, 4) },
]

export function serviceRows({ networks, best }: PlanResult): ServiceRow[] {
  return networks.flatMap((plan, n) => {
    const served = best.networks[n]
    return served === undefined ? [] : [{ plan, served }]
  })
}

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
    // Violations have a column of their own below.
    ...(name === 'violations'
      ? []
      : [
          {
            title: unit === '' ? name : `${name} ${unit}`,
            cell: (row: PlannedVariant) => formatNumber(row.result.objective.value),
          },
        ]),
    { title: 'policy', align: 'left', cell: (row) => row.result.best.policy },
    { title: 'violations', cell: (row) => formatPercent(row.result.best.violationRate, 2) },
    { title: 'mean ms', cell: (row) => formatNumber(row.result.best.meanLatencyMs, 4) },
    { title: 'p99 ms', cell: (row) => formatNumber(row.result.best.p99LatencyMs, 4) },
    { title: 'power W', cell: (row) => formatNumber(row.result.powerW, 4) },
  ]
}
