import type { AccessCounts, LevelCounts } from './access-counts.js'
import type { PerLevel } from './table-cost.js'
import type { TableProblem, Triple } from './table-problem.js'

/** Tiles that skip levels: the union over the copies that a transfer feeds, without the loops of the levels skipped. */
export interface SkippingTiles {
  readonly fromGlobalToMacs: Triple
  readonly fromDramToLocal: Triple
  readonly fromDramToMacs: Triple
}

/** What each level sends inward, what one instance of it holds, and how often it sends. */
export interface RoutedTraffic {
  readonly send: PerLevel<Triple>
  readonly hold: PerLevel<Triple>
  readonly access: PerLevel<AccessCounts>
}

interface Flow {
  readonly tile: number
  readonly count: AccessCounts
}

const nothing: Flow = { tile: 0, count: [0, 0, 0, 0] }

/**
 * Where each level's transfers go. Under `direct` bypass an operand skips the levels that it bypasses: the next outer
 * level sends what the next inner one takes, as often as that one takes it. A global buffer that the accelerator does not
 * have is bypassed by everything.
 */
export function routeTraffic(
  problem: TableProblem,
  send: PerLevel<Triple>,
  hold: PerLevel<Triple>,
  counts: LevelCounts,
  skipping: SkippingTiles,
): RoutedTraffic {
  if (problem.conventions.bypass !== 'direct') return { send, hold, access: counts }
  const route = (x: number): PerLevel<Flow> & { readonly held: Triple } => {
    const byLocal = problem.local.bypassed[x]
    const byGlobal = !problem.global.present || problem.global.bypassed[x]
    const held: Triple = [byLocal ? 0 : hold.local[x], byGlobal ? 0 : hold.global[x], hold.dram[x]]
    const local = byLocal ? nothing : { tile: send.local[x], count: counts.local }
    if (!byGlobal) {
      const global = byLocal
        ? { tile: skipping.fromGlobalToMacs[x], count: counts.local }
        : { tile: send.global[x], count: counts.global }
      return { local, global, dram: { tile: send.dram[x], count: counts.dram }, held }
    }
    const dram = byLocal
      ? { tile: skipping.fromDramToMacs[x], count: counts.local }
      : { tile: skipping.fromDramToLocal[x], count: counts.global }
    return { local, global: nothing, dram, held }
  }
  const routes = [route(0), route(1), route(2)] as const
  const tiles = (level: keyof PerLevel<unknown>): Triple => [
    routes[0][level].tile,
    routes[1][level].tile,
    routes[2][level].tile,
  ]
  const transfers = (level: keyof PerLevel<unknown>): AccessCounts => [
    routes[0][level].count[0],
    routes[1][level].count[1],
    routes[2][level].count[2],
    routes[2][level].count[3],
  ]
  const heldAt = (n: 0 | 1 | 2): Triple => [routes[0].held[n], routes[1].held[n], routes[2].held[n]]
  return {
    send: { local: tiles('local'), global: tiles('global'), dram: tiles('dram') },
    hold: { local: heldAt(0), global: heldAt(1), dram: heldAt(2) },
    access: { local: transfers('local'), global: transfers('global'), dram: transfers('dram') },
  }
}
