import type { LinkDirection, Operand } from '../model/index.js'
import type { CopyReason } from './copy-step.js'
import type { TileStep } from './tile-step.js'

/** Energy and traffic of one link, summed over tiles. */
export interface LinkTotal {
  readonly operand: Operand
  readonly memory: number
  readonly direction: LinkDirection
  energyPj: number
}

/** What one layer (or source) of a network costs over all tiles. */
export interface LayerTotals {
  /** Position in the network; for a source of stack s, undefined. */
  readonly position?: number
  readonly name: string
  energyPj: number
  macEnergyPj: number
  copyEnergyPj: number
  copyCycles: number
  latencyCycles: number
  latencyWithOffloadCycles: number
  idealCycles: number
  temporalCycles: number
  stallCycles: number
  loadingCycles: number
  offloadingCycles: number
  macs: number
  /** Times that the layer ran. */
  runs: number
  /** Tile types that the layer sees. */
  types: number
  readonly layerLinks: Map<string, LinkTotal>
  readonly copyLinks: Map<string, LinkTotal>
  readonly copyBits: Map<CopyReason, number>
}

export function emptyTotals(name: string, position?: number): LayerTotals {
  return {
    ...(position === undefined ? {} : { position }),
    name,
    energyPj: 0,
    macEnergyPj: 0,
    copyEnergyPj: 0,
    copyCycles: 0,
    latencyCycles: 0,
    latencyWithOffloadCycles: 0,
    idealCycles: 0,
    temporalCycles: 0,
    stallCycles: 0,
    loadingCycles: 0,
    offloadingCycles: 0,
    macs: 0,
    runs: 0,
    types: 0,
    layerLinks: new Map(),
    copyLinks: new Map(),
    copyBits: new Map(),
  }
}

/** Adds `count` runs of a step. */
export function addStep(totals: LayerTotals, step: TileStep, count: number): void {
  const { copies } = step
  totals.copyEnergyPj += count * copies.energyPj
  totals.copyCycles += count * copies.latencyCycles
  for (const link of copies.links) addLink(totals.copyLinks, link, count)
  for (const { reason, bits } of copies.actions) {
    totals.copyBits.set(reason, (totals.copyBits.get(reason) ?? 0) + count * bits)
  }
  if (step.kind === 'source') return
  totals.types++
  if (step.computed === undefined) return
  const { solution } = step.computed
  totals.runs += count
  totals.energyPj += count * solution.energyPj
  totals.macEnergyPj += count * solution.macEnergyPj
  totals.latencyCycles += count * solution.latencyCycles
  totals.latencyWithOffloadCycles += count * solution.latencyWithOffloadCycles
  totals.idealCycles += count * solution.idealCycles
  totals.temporalCycles += count * solution.temporalCycles
  totals.stallCycles += count * solution.stallCycles
  totals.loadingCycles += count * solution.loadingCycles
  totals.offloadingCycles += count * solution.offloadingCycles
  totals.macs += count * solution.macs
  for (const link of solution.links) addLink(totals.layerLinks, link, count)
}

function addLink(
  links: Map<string, LinkTotal>,
  link: Omit<LinkTotal, 'energyPj'> & { readonly energyPj: number },
  count: number,
): void {
  const { operand, memory, direction } = link
  const key = `${operand}/${memory}/${direction}`
  const known = links.get(key)
  if (known === undefined)
    links.set(key, { operand, memory, direction, energyPj: count * link.energyPj })
  else known.energyPj += count * link.energyPj
}
