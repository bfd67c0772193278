import {
  column,
  columnCount,
  row,
  type ScheduleTable,
  type Stationarity,
} from '../../model/index.js'
import type { TableConventions } from './conventions.js'
import type { TableProblem, Triple } from './table-problem.js'

/** Numbers of tile transfers: input read, weight read, output read, output write. */
export type AccessCounts = readonly [number, number, number, number]

/** Tile transfers towards the MACs out of each level, as if nothing bypassed. */
export interface LevelCounts {
  readonly local: AccessCounts
  readonly global: AccessCounts
  readonly dram: AccessCounts
}

const { K, B, P, Q, C, R, S, G } = column

/** Iterations of row `r` for which the stationary operand need not be sent again (`irr` of specification §6). */
export function irrelevantProduct(
  table: ScheduleTable,
  r: number,
  stationarity: Stationarity,
  inputReuse: TableConventions['inputReuse'],
): number {
  const at = (c: number): number => table[r * columnCount + c]
  switch (stationarity) {
    case 'none':
      return 1
    case 'ws':
      return at(B) * at(P) * at(Q)
    case 'os':
      return at(C) * at(R) * at(S)
    case 'is':
      if (at(K) !== 1 || inputReuse === 'output-channels') return at(K)
      return Math.max(at(B) * at(P) * at(Q), at(C) * at(R) * at(S))
  }
}

/**
 * Counts before any adjustment, for the transfers out of the level of temporal row `r` into a buffer of the given
 * stationarity. Only loops of that row are spared; a non-stationary operand is sent in every iteration.
 */
export function rawCounts(
  table: ScheduleTable,
  r: number,
  stationarity: Stationarity,
  inputReuse: TableConventions['inputReuse'],
): AccessCounts {
  const outer = [row.localBuffer, row.globalBuffer, row.dram].filter((t) => t >= r)
  const product = (columns: readonly number[], rows = outer): number =>
    rows.reduce((p, t) => columns.reduce((q, c) => q * table[t * columnCount + c], p), 1)
  const all = product([K, B, P, Q, C, R, S, G])
  const spared = irrelevantProduct(table, r, stationarity, inputReuse)
  const outputTiles = product([G, K, B, P, Q])
  const outputRead =
    stationarity !== 'os'
      ? outputTiles * (product([C, R, S]) - 1)
      : r === row.dram
        ? 0
        : outputTiles * (product([C, R, S], [row.dram]) - 1)
  return [
    stationarity === 'is' ? all / spared : all,
    stationarity === 'ws' ? all / spared : all,
    outputRead,
    stationarity === 'os' ? all / spared : all,
  ]
}

/**
 * Counts of the three levels with reuse across iterations: an operand that is complete in one DRAM transfer is sent
 * once, and one that stays in the local buffer while the global buffer iterates is filled as seldom as the global buffer.
 */
export function accessCounts(
  problem: TableProblem,
  table: ScheduleTable,
  tiles: {
    readonly sendGlobal: Triple
    readonly allocGlobal: Triple
    readonly sendDram: Triple
    readonly allocDram: Triple
  },
): LevelCounts {
  const { conventions } = problem
  const local = rawCounts(table, row.localBuffer, 'none', conventions.inputReuse)
  const global = [
    ...rawCounts(table, row.globalBuffer, problem.localStationarity, conventions.inputReuse),
  ] as [number, number, number, number]
  const dram = [
    ...rawCounts(table, row.dram, problem.globalStationarity, conventions.inputReuse),
  ] as [number, number, number, number]

  const readOnce = tiles.allocDram.map((n, x) => n === tiles.sendDram[x])
  const resident = tiles.allocGlobal.map((n, x) => n === tiles.sendGlobal[x])
  if (readOnce[0]) dram[0] = 1
  if (readOnce[1]) dram[1] = 1
  if (readOnce[2]) {
    dram[2] = 0
    dram[3] = 1
  }
  if (resident[0]) global[0] = dram[0]
  if (resident[1]) global[1] = dram[1]
  if (resident[2]) {
    global[2] = dram[2]
    global[3] = dram[3]
  }
  if (conventions.bypass === 'corrected-when-read-once') {
    const spared = (s: Stationarity): number =>
      irrelevantProduct(table, row.dram, s, conventions.inputReuse)
    const refetched = problem.global.present
      ? problem.global.bypassed.map((bypassed, x) => bypassed && readOnce[x] && !resident[x])
      : []
    // The published program scales the output's writes for a bypassed input (Q14).
    if (refetched[0]) dram[3] *= spared('is')
    if (refetched[1]) dram[1] *= spared('ws')
    if (refetched[2]) {
      dram[2] = spared('os') - 1
      dram[3] *= spared('os')
    }
  }
  return { local, global, dram }
}
