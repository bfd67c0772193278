// Longer than most files: one allocation-free kernel, kept in one piece so that its locals stay in registers.
import { column, type Stationarity } from '../../../model/index.js'
import { folded, part, type FoldedCost, type FoldedTable } from '../folded.js'
import type { LevelModel, TableProblem } from '../table-problem.js'

const { K, B, P, Q, C, R, S, G } = column
const { mac: M, local: L, pe: E, global: D, chip: H, dram: X } = folded
const f32 = Math.fround
const imul = Math.imul

/** {@link FoldedCost} in the published arithmetic: every figure equals that of `evaluatePublished` bit for bit. */
export class PublishedFoldedCost implements FoldedCost {
  localUpperPj = 0
  localLowerPj = 0
  globalUpperPj = 0
  globalLowerPj = 0
  dramPj = 0
  macCycles = 0
  localCycles = 0
  globalCycles = 0
  dramCycles = 0
  fits = false
  private readonly problem: TableProblem
  private readonly oneMac: boolean
  private readonly macs: number
  private readonly macPj: number
  private readonly staticRates: readonly (readonly number[])[]
  private readonly v = new Uint32Array(8)
  private readonly localSend = new Uint32Array(3)
  private readonly localTile = new Uint32Array(3)
  private readonly globalSend = new Uint32Array(3)
  private readonly globalTile = new Uint32Array(3)
  private readonly dramSend = new Uint32Array(3)
  private readonly whole = new Uint32Array(3)
  // Tile transfers by operand; [2] output reads and writes together, [3] output writes.
  private readonly localCount = new Uint32Array(4)
  private readonly globalCount = new Uint32Array(4)
  private readonly dramCount = new Uint32Array(4)
  private readonly localEnergy: Float32Array
  private readonly globalEnergy: Float32Array
  private readonly dramEnergy: Float32Array

  constructor(problem: TableProblem) {
    this.problem = problem
    const { accelerator, macArray: m, peArray: p, chips: c, local, global, dram } = problem
    this.oneMac = m.x * m.y === 1
    this.macs = problem.layer.dims.reduce((product, n) => f32(product * n), 1)
    this.macPj = f32(this.macs * f32(accelerator.macEnergyPj))
    this.localEnergy = Float32Array.from(local.accessEnergyPj)
    this.globalEnergy = Float32Array.from(global.accessEnergyPj)
    this.dramEnergy = Float32Array.from(dram.accessEnergyPj)
    const period = f32((1 / accelerator.clockMhz) * 1000)
    this.staticRates = [
      [f32(f32(accelerator.macStaticPowerMw) * period), m.x * m.y, p.x * p.y, c.x * c.y],
      [f32(f32(local.staticPowerMw) * period), p.x, p.y, c.x, c.y],
      [f32(f32(global.staticPowerMw) * period), c.x, c.y],
      [f32(f32(dram.staticPowerMw) * period)],
    ].map(([rate, ...units]) => [units.reduce((value, n) => f32(value * f32(n)), rate)])
    this.v.set(problem.layer.dims)
    this.tiles(this.whole)
  }

  evaluate(f: FoldedTable, parts: number): void {
    const { v, problem } = this
    const { local, global, dram } = problem
    let macs = 1
    let pes = 1
    let chips = 1
    for (let c = 0; c < 8; c++) {
      macs *= f[M + c]
      pes *= f[E + c]
      chips *= f[H + c]
      v[c] = f[M + c]
    }
    if (this.oneMac) macs = 1
    this.macCycles = f32(this.macs / f32(macs * pes * chips))
    this.tiles(this.localSend)
    for (let c = 0; c < 8; c++) v[c] = imul(v[c], f[L + c])
    this.tiles(this.localTile)
    for (let c = 0; c < 8; c++) v[c] = imul(v[c], f[E + c])
    this.tiles(this.globalSend)
    for (let c = 0; c < 8; c++) v[c] = imul(v[c], f[D + c])
    this.tiles(this.globalTile)
    for (let c = 0; c < 8; c++) v[c] = imul(v[c], f[H + c])
    this.tiles(this.dramSend)
    this.fits = fitsLevel(local, this.localTile) && fitsLevel(global, this.globalTile)
    this.countTransfers(f)
    const units = f32(pes * chips)
    if ((parts & part.global) !== 0) {
      this.localLowerPj = f32(dot(this.localTile, this.globalCount, this.localEnergy) * units)
      if (global.present) {
        const n = f32(chips)
        this.globalUpperPj = f32(dot(this.globalSend, this.globalCount, this.globalEnergy) * n)
        this.globalLowerPj = f32(dot(this.globalTile, this.dramCount, this.globalEnergy) * n)
        this.globalCycles = cyclesOf(global, this.globalSend, this.globalCount)
      }
    }
    if ((parts & part.local) !== 0) {
      this.localUpperPj = f32(dot(this.localSend, this.localCount, this.localEnergy) * units)
      this.localCycles = cyclesOf(local, this.localSend, this.localCount)
    }
    if ((parts & part.dram) !== 0) {
      this.dramPj = dot(this.dramSend, this.dramCount, this.dramEnergy)
      this.dramCycles = cyclesOf(dram, this.dramSend, this.dramCount)
    }
  }

  cycles(): number {
    return f32(f32(f32(this.macCycles + this.localCycles) + this.globalCycles) + this.dramCycles)
  }

  energyPj(): number {
    const total = this.cycles()
    const [mac, local, global, dram] = this.staticRates.map(([rate]) => f32(rate * total))
    const leakage = f32(f32(f32(mac + local) + global) + dram)
    const localPj = f32(this.localUpperPj + this.localLowerPj)
    const globalPj = f32(this.globalUpperPj + this.globalLowerPj)
    return f32(f32(f32(f32(this.macPj + localPj) + globalPj) + this.dramPj) + leakage)
  }

  private tiles(into: Uint32Array): void {
    const { v } = this
    const { strideY, strideX, dilationY, dilationX } = this.problem.layer
    const height = (v[P] - 1) * strideY + (v[R] - 1) * dilationY + 1
    const width = (v[Q] - 1) * strideX + (v[S] - 1) * dilationX + 1
    into[0] = imul(imul(imul(v[B], v[C]), v[G]), imul(height, width))
    into[1] = imul(imul(imul(v[K], v[C]), imul(v[R], v[S])), v[G])
    into[2] = imul(imul(imul(v[K], v[B]), imul(v[P], v[Q])), v[G])
  }

  private countTransfers(f: FoldedTable): void {
    const { dramCount, globalCount, localCount } = this
    const { localStationarity, globalStationarity, global } = this.problem
    const outerTiles = imul(imul(imul(f[X + K], f[X + B]), imul(f[X + P], f[X + Q])), f[X + G])
    const outerCrs = imul(imul(f[X + C], f[X + R]), f[X + S])
    countOut(dramCount, f, X, globalStationarity, outerTiles, outerCrs, 1)
    const innerTiles = imul(imul(imul(f[D + K], f[D + B]), imul(f[D + P], f[D + Q])), f[D + G])
    const tiles = imul(outerTiles, innerTiles)
    const crs = imul(outerCrs, imul(imul(f[D + C], f[D + R]), f[D + S]))
    countOut(globalCount, f, D, localStationarity, tiles, crs, outerCrs)
    let refetched = 0
    for (let x = 0; x < 3; x++) {
      const readOnce = this.whole[x] === this.dramSend[x]
      const resident = this.globalTile[x] === this.globalSend[x]
      if (readOnce) {
        dramCount[x] = 1
        if (x === 2) dramCount[3] = 1
      }
      if (resident) globalCount[x] = dramCount[x]
      if (readOnce && !resident) refetched |= 1 << x
    }
    if (refetched !== 0 && global.present) {
      refetchBypassed(dramCount, f, refetched, global.bypassed)
    }
    const localTiles = imul(
      tiles,
      imul(imul(imul(f[L + K], f[L + B]), imul(f[L + P], f[L + Q])), f[L + G]),
    )
    const localCrs = imul(crs, imul(imul(f[L + C], f[L + R]), f[L + S]))
    const all = imul(localTiles, localCrs)
    localCount[0] = all
    localCount[1] = all
    localCount[2] = imul(localTiles, localCrs - 1) + all
  }
}

function fitsLevel(level: LevelModel, tile: Uint32Array): boolean {
  if (!level.present) return true
  const { capacity, bypassed } = level
  if (level.shared) {
    let held = 0
    for (let x = 0; x < 3; x++) if (!bypassed[x]) held += tile[x]
    return held <= capacity[0]
  }
  return tile[0] < capacity[0] && tile[1] < capacity[1] && tile[2] < capacity[2]
}

function countOut(
  into: Uint32Array,
  f: FoldedTable,
  r: number,
  stationarity: Stationarity,
  tiles: number,
  crs: number,
  outerCrs: number,
): void {
  const all = imul(tiles, crs) >>> 0
  into[0] = all
  into[1] = all
  into[3] = all
  let reads = imul(tiles, crs - 1)
  switch (stationarity) {
    case 'is':
      into[0] = Math.floor(all / spared(f, r, 'is'))
      break
    case 'ws':
      into[1] = Math.floor(all / spared(f, r, 'ws'))
      break
    case 'os':
      into[3] = Math.floor(all / spared(f, r, 'os'))
      reads = imul(tiles, outerCrs - 1)
      break
    case 'none':
  }
  into[2] = reads + into[3]
}

function spared(f: FoldedTable, r: number, stationarity: 'is' | 'ws' | 'os'): number {
  if (stationarity === 'ws') return imul(imul(f[r + B], f[r + P]), f[r + Q]) >>> 0
  if (stationarity === 'os') return imul(imul(f[r + C], f[r + R]), f[r + S]) >>> 0
  if (f[r + K] !== 1) return f[r + K]
  return Math.max(spared(f, r, 'ws'), spared(f, r, 'os'))
}

function refetchBypassed(
  count: Uint32Array,
  f: FoldedTable,
  refetched: number,
  bypassed: readonly boolean[],
): void {
  let reads = (count[2] - count[3]) >>> 0
  if (bypassed[0] && (refetched & 1) !== 0) count[3] = imul(count[3], spared(f, X, 'is'))
  if (bypassed[1] && (refetched & 2) !== 0) count[1] = imul(count[1], spared(f, X, 'ws'))
  if (bypassed[2] && (refetched & 4) !== 0) {
    reads = spared(f, X, 'os') - 1
    count[3] = imul(count[3], spared(f, X, 'os'))
  }
  count[2] = reads + count[3]
}

function dot(tile: Uint32Array, count: Uint32Array, energyPj: Float32Array): number {
  const i = f32(f32(imul(tile[0], count[0]) >>> 0) * energyPj[0])
  const w = f32(f32(imul(tile[1], count[1]) >>> 0) * energyPj[1])
  const o = f32(f32(imul(tile[2], count[2]) >>> 0) * energyPj[2])
  return f32(f32(i + w) + o)
}

function cyclesOf(level: LevelModel, tile: Uint32Array, count: Uint32Array): number {
  const perTransfer = f32(level.elementsPerTransfer)
  const c = level.cyclesPerTransfer
  const i = f32(Math.ceil(f32(f32(imul(tile[0], count[0]) >>> 0) / perTransfer)) * f32(c[0]))
  const w = f32(Math.ceil(f32(f32(imul(tile[1], count[1]) >>> 0) / perTransfer)) * f32(c[1]))
  const o = f32(Math.ceil(f32(f32(imul(tile[2], count[2]) >>> 0) / perTransfer)) * f32(c[2]))
  return level.shared ? f32(f32(i + w) + o) : Math.max(i, w, o)
}
