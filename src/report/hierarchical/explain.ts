import { formatNumber } from '../../base/index.js'
import type { LinkTraffic } from '../../cost/hierarchical/index.js'
import { accessEnergyPj, linkDirections } from '../../model/index.js'
import type { HierarchicalMapping } from '../../map/hierarchical/index.js'
import { layerCycles } from './network-result.js'

/** One reported figure with its formula and the values put in. */
export interface Explained {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly formula: string
  readonly substituted: string
}

/** Every figure of a mapping's cost, from the totals down to the single link. */
export function explainHierarchical(found: HierarchicalMapping): Explained[] {
  const { cost, problem } = found
  const { latency } = cost
  const n = (value: number) => formatNumber(value, 12)
  const figures: Explained[] = [
    {
      name: 'energy',
      value: cost.energyPj,
      unit: 'pJ',
      formula: 'MACs + Σ operands',
      substituted: [cost.macEnergyPj, ...cost.operands.map((each) => each.energyPj)]
        .map(n)
        .join(' + '),
    },
    {
      name: 'energy of MACs',
      value: cost.macEnergyPj,
      unit: 'pJ',
      formula: 'operations × energy of one',
      substituted: `${n(problem.macs)} × ${n(cost.macEnergyPj / problem.macs)}`,
    },
    {
      name: 'cycles',
      value: layerCycles(found),
      unit: 'cycles',
      formula:
        problem.conventions.layerLatency === 'with-off-loading'
          ? 'loop nest + stalls + loading + off-loading'
          : 'loop nest + stalls + loading',
      substituted: [
        latency.temporalCycles,
        latency.stallCycles,
        latency.loadingCycles,
        ...(problem.conventions.layerLatency === 'with-off-loading'
          ? [latency.offloadingCycles]
          : []),
      ]
        .map(n)
        .join(' + '),
    },
    {
      name: 'spatial stall',
      value: latency.temporalCycles - latency.idealCycles,
      unit: 'cycles',
      formula: 'loop nest − ideal (every unit busy)',
      substituted: `${n(latency.temporalCycles)} − ${n(latency.idealCycles)}`,
    },
  ]
  const worst = cost.ports.reduce((a, b) => (b.stallCycles > a.stallCycles ? b : a), cost.ports[0])
  if (worst !== undefined && worst.stallCycles > 0) {
    const busiest = problem.conventions.latencyRule === 'busiest-port'
    const rule = busiest
      ? 'Σ cycles of a transfer × transfers − loop nest'
      : '(needed − allowed) × (transfers − 1) and what does not fit into shared windows'
    figures.push({
      name: 'temporal stall',
      value: latency.stallCycles,
      unit: 'cycles',
      formula: `the ${busiest ? 'busiest' : 'slowest'} port, ${worst.port} of ${worst.memory}: ${rule}`,
      substituted: worst.links
        .map(({ operand, direction, realCycles, allowedCycles, periodCycles, count }) =>
          busiest
            ? `${operand} ${direction}: ${n(realCycles)} × ${n(count)}`
            : `${operand} ${direction}: needs ${n(realCycles)} of ${n(allowedCycles)} per ${n(periodCycles)}, ${n(count)} times`,
        )
        .join('; '),
    })
  }
  for (const [p, { name, levels }] of cost.operands.entries()) {
    for (const [m, level] of levels.entries()) {
      linkDirections.forEach((direction, link) => {
        const words = level.wordAccesses[link]
        if (words === 0) return
        const traffic = level.traffic[link]
        const memory = problem.operands[p].memories[m]
        const perWord = accessEnergyPj(memory, direction)
        figures.push({
          name: `${name} ${direction} of ${level.memory}`,
          value: level.energyPj[link],
          unit: 'pJ',
          formula:
            'words × energy of one; words = slices per transfer × share of a word × transfers × instances',
          substituted: `${n(words)} × ${n(perWord)}; ${n(traffic.elements)} elements of ${traffic.bits} bits, ${n(traffic.count)} transfers${slid(traffic, n)}, ${n(problem.operands[p].mean.instances[m + 1])} instances`,
        })
      })
    }
  }
  return figures
}

/** What transfers of tiles that slide bring. */
function slid({ slid: part }: LinkTraffic, n: (value: number) => string): string {
  return part === undefined
    ? ''
    : ` (${n(part.count)} of them of the ${n(part.elements)} new elements)`
}
