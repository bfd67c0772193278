import type { CaseRow } from './case-figures.js'
import type { Sweeps } from './figures.js'
import { semantics, type Strategy } from './jobs.js'

/** Published statements beside what was found. */
export function findings(
  parts: readonly string[],
  sweeps: Sweeps,
  cases: readonly CaseRow[],
): string[] {
  const result: string[] = []
  for (const each of semantics) {
    const points = sweeps[each]
    if (points.length === 0 || !parts.includes('fig12')) continue
    const best = points.reduce((a, b) => (b.summary.energyPj < a.summary.energyPj ? b : a))
    const whole = points.find((point) => point.tile.x === 960 && point.tile.y === 540)!
    const energies = points.map((point) => point.summary.energyPj / 1e9)
    const cycles = points.map((point) => point.summary.latencyCycles / 1e6)
    const range = (values: readonly number[]): string =>
      `${Math.min(...values).toFixed(1)} … ${Math.max(...values).toFixed(1)}`
    result.push(
      `${each}: the 108 points span ${range(energies)} mJ and ${range(cycles)} Mcycles; the published colour scales are 1.8 … 47.3 mJ and 18 … 1026 Mcycles.`,
      `${each}: the best point is ${best.mode} ${best.tile.x}×${best.tile.y} with ${(best.summary.energyPj / 1e9).toFixed(3)} mJ, ${(whole.summary.energyPj / best.summary.energyPj).toFixed(1)} times less than layer by layer, and ${(whole.summary.latencyCycles / best.summary.latencyCycles).toFixed(2)} times faster.`,
    )
  }
  for (const each of semantics) {
    const own = cases.filter((row) => row.semantics === each)
    if (own.length === 0) continue
    const gain = (from: (row: CaseRow) => Strategy): string => {
      const logs = own.map((row) => Math.log(from(row).energyPj / row.result.combination.energyPj))
      return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length).toFixed(2)
    }
    result.push(
      `${each}: over ${own.length} cases the best combination uses ${gain((row) => row.result.singleLayer)} times less energy than single layers and ${gain((row) => row.result.layerByLayer)} times less than layer by layer (geometric means).`,
    )
  }
  return result
}
