import type { Cell, ReproducedFigure, ReproducedTable } from '../reproduction.js'
import { table } from './figures.js'
import type { CaseResult, Semantics } from './jobs.js'

/** One case: network, accelerator, semantics and the strategies. */
export interface CaseRow {
  readonly accelerator: string
  readonly network: string
  readonly semantics: Semantics
  readonly result: CaseResult
}

const strategies: readonly (readonly [
  string,
  (result: CaseResult) => { energyPj: number; latencyCycles: number },
])[] = [
  ['single layers', (result) => result.singleLayer],
  ['layer by layer', (result) => result.layerByLayer],
  ['fully-cached 4×72', (result) => result.fixed],
  ['best single strategy', (result) => result.single],
  ['best combination', (result) => result.combination],
]

/** The table of a case study, and its energies and latencies as bars. */
export function caseFigures(
  name: string,
  title: string,
  rows: readonly CaseRow[],
  by: 'network' | 'accelerator',
): { readonly figures: ReproducedFigure[]; readonly table: ReproducedTable } {
  const data = table(
    name,
    title,
    ['model', 'accelerator', 'network', 'strategy', 'what', 'energy [mJ]', 'latency [Mcycles]'],
    rows.flatMap(({ semantics, accelerator, network, result }) =>
      strategies.flatMap(([strategy, pick]): Cell[][] => {
        const { energyPj, latencyCycles } = pick(result)
        if (Number.isNaN(energyPj)) return []
        const what = strategy === 'best single strategy' ? result.single.what : ''
        return [
          [semantics, accelerator, network, strategy, what, energyPj / 1e9, latencyCycles / 1e6],
        ]
      }),
    ),
  )
  const networks = [...new Set(rows.map((row) => row.network))]
  const groups: (string | undefined)[] = by === 'network' ? [undefined] : networks
  const figures = (['energy [mJ]', 'latency [Mcycles]'] as const).flatMap((unit) =>
    groups.flatMap((network) =>
      [...new Set(rows.map((row) => row.semantics))].map((semantics): ReproducedFigure => {
        const what = unit.split(' ')[0]
        const suffix = network === undefined ? '' : `-${network}`
        const shown = data.rows.filter(
          (row) => row[0] === semantics && (network === undefined || row[2] === network),
        )
        return {
          name: `${name}-${what}${suffix}-${semantics}`,
          title: `${title}${network === undefined ? '' : `: ${network}`}, ${what} (${semantics})`,
          caption: `${what} of each strategy.`,
          table: table(`${name}-${what}${suffix}-${semantics}`, title, data.columns, shown),
          chart: { kind: 'bars', x: by, y: unit, series: 'strategy', scale: 'log' },
        }
      }),
    ),
  )
  return { figures, table: data }
}
