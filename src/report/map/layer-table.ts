import { formatNumber, formatPercent } from '../../base/index.js'
import { layerTotals, type MappedLayer, type NetworkMapping } from '../../map/index.js'
import { tableColumns } from '../../model/index.js'
import type { Column } from '../table.js'
import { macUtilization } from './result-document.js'

/** How far the bottom-up search lies above this result; undefined when it was not run. */
export function heuristicGap(mapped: MappedLayer): number | undefined {
  return mapped.bottomUpObjective === undefined
    ? undefined
    : mapped.bottomUpObjective / mapped.result.objective - 1
}

/** What is known about a result, in a word or two. */
export function provenText({ result }: MappedLayer): string {
  if (result.status !== 'gap') return result.status
  if (!(result.lowerBound > 0)) return 'no bound'
  return `within ${formatPercent(result.objective / result.lowerBound - 1, 2)}`
}

/** The per-layer table for people. */
export function layerColumns(mapping: NetworkMapping): Column<MappedLayer>[] {
  const compared = mapping.layers.some((each) => each.bottomUpObjective !== undefined)
  const gapColumn: Column<MappedLayer> = {
    title: 'bottom-up',
    cell: (each) => {
      const above = heuristicGap(each)
      return above === undefined ? '' : `+${formatPercent(above)}`
    },
  }
  return [
    { title: '#', cell: (each) => each.index },
    { title: 'layer', align: 'left', cell: (each) => each.layer.name },
    { title: 'energy µJ', cell: (each) => micro(layerTotals(each).energyPj) },
    { title: 'cycles', cell: (each) => grouped(layerTotals(each).latencyCycles) },
    { title: 'EDP pJ·cycles', cell: (each) => edp(each).toExponential(3) },
    {
      title: 'MACs at work',
      cell: (each) => formatPercent(macUtilization(each.result.value.cost)),
    },
    { title: 'proof', align: 'left', cell: provenText },
    ...(compared ? [gapColumn] : []),
    { title: 'costed', cell: (each) => grouped(each.result.evaluations) },
    {
      title: 'ms',
      cell: (each) =>
        each.sameAs === undefined ? (1000 * each.seconds).toFixed(1) : `as #${each.sameAs}`,
    },
  ]
}

/** The same table for machines. */
export function layerCsvColumns(): Column<MappedLayer>[] {
  return [
    { title: 'index', cell: (each) => each.index },
    { title: 'layer', cell: (each) => each.layer.name },
    ...tableColumns.map((title, c): Column<MappedLayer> => ({
      title,
      cell: (each) => each.layer.dims[c],
    })),
    { title: 'energyPj', cell: (each) => layerTotals(each).energyPj },
    { title: 'dynamicEnergyPj', cell: (each) => layerTotals(each).dynamicEnergyPj },
    { title: 'staticEnergyPj', cell: (each) => layerTotals(each).staticEnergyPj },
    { title: 'latencyCycles', cell: (each) => layerTotals(each).latencyCycles },
    { title: 'edp', cell: edp },
    { title: 'utilization', cell: (each) => macUtilization(each.result.value.cost) },
    { title: 'objective', cell: (each) => each.result.objective },
    { title: 'lowerBound', cell: (each) => each.result.lowerBound },
    { title: 'status', cell: (each) => each.result.status },
    { title: 'bottomUpObjective', cell: (each) => each.bottomUpObjective ?? '' },
    { title: 'evaluations', cell: (each) => each.result.evaluations },
    { title: 'seconds', cell: (each) => each.seconds },
    { title: 'sameAs', cell: (each) => each.sameAs ?? '' },
  ]
}

function edp(mapped: MappedLayer): number {
  const { energyPj, latencyCycles } = layerTotals(mapped)
  return energyPj * latencyCycles
}

function micro(pj: number): string {
  return formatNumber(pj / 1e6, 5)
}

function grouped(n: number): string {
  return formatNumber(Math.round(n), 15)
}
