import {
  column,
  columnCount,
  row,
  rowCount,
  type ScheduleTable,
  type Stationarity,
} from '../../../model/index.js'
import type { AccessCounts } from '../access-counts.js'
import type { PerComponent, TableCost } from '../table-cost.js'
import type { LevelModel, TableProblem, Triple } from '../table-problem.js'

const { K, B, P, Q, C, R, S, G } = column
const f32 = Math.fround

/** Product modulo 2^32. */
function mul(...values: readonly number[]): number {
  return values.reduce((product, value) => Math.imul(product, value), 1) >>> 0
}

/** Integer quotient of unsigned numbers. */
function div(a: number, b: number): number {
  return Math.floor(a / b) >>> 0
}

/**
 * Cost of a table as NeuroSpector 1.4.1 computes it: unsigned 32-bit counts that wrap, every float rounded to 32 bits
 * after every operation, in the program's order (specification §6; Q33). The rules themselves are those of the published
 * conventions, written out once more because the arithmetic cannot be shared.
 */
export function evaluatePublished(problem: TableProblem, table: ScheduleTable): TableCost {
  const tile = tilesOf(problem, table)
  const alloc = { local: tile(3), global: tile(6), dram: tile(9) }
  const send = { local: tile(2), global: tile(5), dram: tile(8) }
  const access = countAccesses(problem, table, send, alloc)
  const active = activeUnits(problem, table)
  const [macs, pes, chips] = [active.mac, active.pe, active.chip].map(([x, y]) => mul(x, y))

  const totalMacs = problem.layer.dims.reduce((product, n) => f32(product * n), 1)
  const macEnergy = f32(totalMacs * f32(problem.accelerator.macEnergyPj))
  const { local, global, dram } = problem
  const units = mul(pes, chips)
  const localUpper = f32(dot(local, send.local, access.local) * f32(units))
  const localLower = f32(dot(local, alloc.local, access.global) * f32(units))
  const globalUpper = f32(dot(global, send.global, access.global) * f32(chips))
  const globalLower = f32(dot(global, alloc.global, access.dram) * f32(chips))
  const dramEnergy = dot(dram, send.dram, access.dram)
  const localEnergy = f32(localUpper + localLower)
  const globalEnergy = f32(globalUpper + globalLower)
  const dynamicTotal = f32(f32(f32(macEnergy + localEnergy) + globalEnergy) + dramEnergy)

  const latency = sum({
    mac: f32(totalMacs / f32(mul(macs, pes, chips))),
    local: cyclesOf(local, send.local, access.local),
    global: cyclesOf(global, send.global, access.global),
    dram: cyclesOf(dram, send.dram, access.dram),
  })
  const leakage = staticEnergy(problem, latency.total)
  const energyPj = f32(dynamicTotal + leakage.total)
  return {
    problem,
    tileSend: send,
    tileAlloc: alloc,
    access,
    active,
    dynamicEnergyPj: {
      mac: macEnergy,
      local: localEnergy,
      localUpper,
      localLower,
      global: globalEnergy,
      globalUpper,
      globalLower,
      dram: dramEnergy,
      total: dynamicTotal,
    },
    staticEnergyPj: leakage,
    latencyCycles: latency,
    energyPj,
    edp: f32(energyPj * latency.total),
  }
}

/** Tile sizes of prefix row r, modulo 2^32. */
function tilesOf(problem: TableProblem, table: ScheduleTable): (r: number) => Triple {
  const pre = new Uint32Array(rowCount * columnCount)
  for (let i = 0; i < pre.length; i++) {
    pre[i] = i < columnCount ? table[i] : Math.imul(pre[i - columnCount], table[i])
  }
  const { strideY, strideX, dilationY, dilationX } = problem.layer
  return (r) => {
    const v = pre.subarray(r * columnCount, (r + 1) * columnCount)
    const height = (v[P] - 1) * strideY + (v[R] - 1) * dilationY + 1
    const width = (v[Q] - 1) * strideX + (v[S] - 1) * dilationX + 1
    return [
      mul(v[B], v[C], v[G], height, width),
      mul(v[K], v[C], v[R], v[S], v[G]),
      mul(v[K], v[B], v[P], v[Q], v[G]),
    ]
  }
}

function irrelevant(table: ScheduleTable, r: number, stationarity: Stationarity): number {
  const at = (c: number): number => table[r * columnCount + c]
  switch (stationarity) {
    case 'none':
      return 1
    case 'ws':
      return mul(at(B), at(P), at(Q))
    case 'os':
      return mul(at(C), at(R), at(S))
    case 'is':
      if (at(K) !== 1) return at(K)
      return Math.max(mul(at(B), at(P), at(Q)), mul(at(C), at(R), at(S)))
  }
}

function countsOut(table: ScheduleTable, r: number, stationarity: Stationarity): number[] {
  const outer = [row.localBuffer, row.globalBuffer, row.dram].filter((t) => t >= r)
  const product = (columns: readonly number[], rows = outer): number =>
    mul(...rows.flatMap((t) => columns.map((c) => table[t * columnCount + c])))
  const all = product([K, B, P, Q, C, R, S, G])
  const spared = irrelevant(table, r, stationarity)
  const tiles = product([G, K, B, P, Q])
  const outputRead =
    stationarity !== 'os'
      ? mul(tiles, product([C, R, S]) - 1)
      : r === row.dram
        ? 0
        : mul(tiles, product([C, R, S], [row.dram]) - 1)
  return [
    stationarity === 'is' ? div(all, spared) : all,
    stationarity === 'ws' ? div(all, spared) : all,
    outputRead,
    stationarity === 'os' ? div(all, spared) : all,
  ]
}

function countAccesses(
  problem: TableProblem,
  table: ScheduleTable,
  send: { readonly global: Triple; readonly dram: Triple },
  alloc: { readonly global: Triple; readonly dram: Triple },
): TableCost['access'] {
  const local = countsOut(table, row.localBuffer, 'none')
  const global = countsOut(table, row.globalBuffer, problem.localStationarity)
  const dram = countsOut(table, row.dram, problem.globalStationarity)
  const readOnce = alloc.dram.map((n, x) => n === send.dram[x])
  const resident = alloc.global.map((n, x) => n === send.global[x])
  if (readOnce[0]) dram[0] = 1
  if (readOnce[1]) dram[1] = 1
  if (readOnce[2]) dram.splice(2, 2, 0, 1)
  if (resident[0]) global[0] = dram[0]
  if (resident[1]) global[1] = dram[1]
  if (resident[2]) global.splice(2, 2, dram[2], dram[3])
  if (problem.global.present) {
    const refetched = problem.global.bypassed.map((by, x) => by && readOnce[x] && !resident[x])
    // Q14: a bypassed input scales the output's writes.
    if (refetched[0]) dram[3] = mul(dram[3], irrelevant(table, row.dram, 'is'))
    if (refetched[1]) dram[1] = mul(dram[1], irrelevant(table, row.dram, 'ws'))
    if (refetched[2]) {
      dram[2] = (irrelevant(table, row.dram, 'os') - 1) >>> 0
      dram[3] = mul(dram[3], irrelevant(table, row.dram, 'os'))
    }
  }
  const four = (counts: readonly number[]): AccessCounts => [
    counts[0],
    counts[1],
    counts[2],
    counts[3],
  ]
  return { local: four(local), global: four(global), dram: four(dram) }
}

function activeUnits(problem: TableProblem, table: ScheduleTable): TableCost['active'] {
  const side = (r: number): number =>
    mul(...Array.from({ length: columnCount }, (_, c) => table[r * columnCount + c]))
  const single = problem.macArray.x * problem.macArray.y === 1
  return {
    mac: single ? [1, 1] : [side(row.macX), side(row.macY)],
    pe: [side(row.peX), side(row.peY)],
    chip: [side(row.chipX), side(row.chipY)],
  }
}

function transfers(tile: Triple, count: AccessCounts): Triple {
  return [mul(tile[0], count[0]), mul(tile[1], count[1]), mul(tile[2], count[2] + count[3])]
}

function dot(level: LevelModel, tile: Triple, count: AccessCounts): number {
  const [i, w, o] = transfers(tile, count).map((n, x) => f32(f32(n) * f32(level.accessEnergyPj[x])))
  return f32(f32(i + w) + o)
}

function cyclesOf(level: LevelModel, tile: Triple, count: AccessCounts): number {
  if (!level.present) return 0
  const perTransfer = f32(level.elementsPerTransfer)
  const [i, w, o] = transfers(tile, count).map((n, x) =>
    f32(Math.ceil(f32(f32(n) / perTransfer)) * f32(level.cyclesPerTransfer[x])),
  )
  return level.shared ? f32(f32(i + w) + o) : Math.max(i, w, o)
}

/** ((power × period) × units) × cycles, each operation rounded. */
function staticEnergy(problem: TableProblem, totalCycles: number): PerComponent {
  const period = f32((1 / problem.accelerator.clockMhz) * 1000)
  const { macArray: m, peArray: p, chips: c } = problem
  const scaled = (powerMw: number, ...units: readonly number[]): number =>
    f32(units.reduce((value, n) => f32(value * f32(n)), f32(f32(powerMw) * period)) * totalCycles)
  return sum({
    mac: scaled(problem.accelerator.macStaticPowerMw, mul(m.x, m.y), mul(p.x, p.y), mul(c.x, c.y)),
    local: scaled(problem.local.staticPowerMw, p.x, p.y, c.x, c.y),
    global: scaled(problem.global.staticPowerMw, c.x, c.y),
    dram: scaled(problem.dram.staticPowerMw),
  })
}

function sum(parts: Omit<PerComponent, 'total'>): PerComponent {
  const { mac, local, global, dram } = parts
  return { ...parts, total: f32(f32(f32(mac + local) + global) + dram) }
}
