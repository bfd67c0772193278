import type { LinkDirection, MemoryLevel, Operand } from '../model/index.js'
import type { FuseConventions } from './conventions.js'
import { copyPath, type CopyHop, type DataPlace } from './copy-path.js'
import type { MemoryView } from './memory-view.js'

/** Why data move between layers. */
export type CopyReason =
  | 'load source'
  | 'move output'
  | 'read cached columns'
  | 'read cached rows'
  | 'keep columns'
  | 'keep rows'

/** Data to be moved as a whole before a layer starts. */
export interface CopyRequest {
  readonly reason: CopyReason
  readonly bits: number
  readonly from: DataPlace
  readonly to: DataPlace
}

/** One executed request. */
export interface CopyAction extends CopyRequest {
  readonly hops: readonly CopyHop[]
  readonly energyPj: number
}

/** Energy of one link of one operand at one memory. */
export interface LinkEnergy {
  readonly operand: Operand
  readonly memory: number
  readonly direction: LinkDirection
  readonly energyPj: number
}

/** All copies before one layer; they start together and share ports. */
export interface CopyStep {
  readonly actions: readonly CopyAction[]
  readonly energyPj: number
  readonly latencyCycles: number
  readonly links: readonly LinkEnergy[]
}

interface Interval {
  readonly start: number
  readonly length: number
}

/** Carries out copies at once (spec §11.4): hops of one copy follow each other, a port serves one copy at a time. */
export function copyStep(
  view: MemoryView,
  requests: readonly CopyRequest[],
  conventions: FuseConventions,
): CopyStep {
  const busy = new Map<string, Interval[]>()
  const links: LinkEnergy[] = []
  const actions = requests.map((request): CopyAction => {
    const hops = copyPath(view, request.from, request.to)
    const used = new Set<string>()
    let clock = 0
    let energyPj = 0
    for (const hop of hops) {
      const ends = [
        portUse(view, hop.from, hop.operand, hop.send, request.bits, conventions),
        portUse(view, hop.to, hop.operand, hop.receive, request.bits, conventions),
      ]
      const length = Math.max(ends[0].cycles, ends[1].cycles)
      const advances = !conventions.copyHopsMayOverlap || !used.has(ends[1].port)
      for (const end of ends) {
        energyPj += end.energyPj
        links.push(end)
        used.add(end.port)
        const intervals = busy.get(end.port)
        const interval = { start: clock, length }
        if (intervals === undefined) busy.set(end.port, [interval])
        else intervals.push(interval)
      }
      if (advances) clock += length
    }
    return { ...request, hops, energyPj }
  })
  let latencyCycles = 0
  for (const intervals of busy.values()) {
    const latest = Math.max(...intervals.map((each) => each.start + each.length))
    const earliest = Math.min(...intervals.map((each) => each.start))
    const total = intervals.reduce((sum, each) => sum + each.length, 0)
    latencyCycles = Math.max(
      latencyCycles,
      intervals.length === 1 ? latest : Math.max(latest, earliest + total),
    )
  }
  return {
    actions,
    energyPj: actions.reduce((sum, action) => sum + action.energyPj, 0),
    latencyCycles,
    links,
  }
}

/** Time, energy and port of one end of a hop. */
function portUse(
  view: MemoryView,
  index: number,
  operand: Operand,
  direction: LinkDirection,
  bits: number,
  conventions: FuseConventions,
): LinkEnergy & { readonly port: string; readonly cycles: number } {
  const memory = view.accelerator.memories[index]
  const reads = direction === 'to-low' || direction === 'to-high'
  const port = portOf(memory, operand, direction)
  const asRead = reads || (conventions.sharedPortHasReadWidth && port?.type === 'read-write')
  const width = asRead ? memory.readBandwidthBits : memory.writeBandwidthBits
  const slice = asRead ? memory.readGranularityBits : memory.writeGranularityBits
  const energyPj =
    Math.ceil(bits / slice) * (slice / width) * (reads ? memory.readEnergyPj : memory.writeEnergyPj)
  return {
    operand,
    memory: index,
    direction,
    energyPj,
    port: `${index}/${port?.name ?? direction}`,
    cycles: Math.ceil(bits / width),
  }
}

/**
 * The port that carries a link; where the accelerator names none (inputs moving upwards into a cache), the first port
 * of a fitting type.
 */
function portOf(
  memory: MemoryLevel,
  operand: Operand,
  direction: LinkDirection,
): { readonly name: string; readonly type: string } | undefined {
  const wanted = direction === 'to-low' || direction === 'to-high' ? 'read' : 'write'
  return (
    memory.ports.find((port) =>
      port.links.some((link) => link.operand === operand && link.direction === direction),
    ) ?? memory.ports.find((port) => port.type === wanted || port.type === 'read-write')
  )
}
