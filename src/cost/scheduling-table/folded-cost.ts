// Longer than most files: one allocation-free kernel, kept in one piece so that its locals stay in registers.
import { column, type Stationarity } from '../../model/index.js'
import { folded, type FoldedCost, type FoldedTable, part } from './folded.js'
import type { LevelModel, TableProblem } from './table-problem.js'

const { K, B, P, Q, C, R, S, G } = column
const { mac: M, local: L, pe: E, global: D, chip: H, dram: X } = folded

/** {@link FoldedCost} in 64-bit floats, under any conventions' rules. */
export class Float64FoldedCost implements FoldedCost {
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
  private readonly direct: boolean
  private readonly anyLoop: boolean
  private readonly inclusive: boolean
  private readonly perTransfer: boolean
  private readonly oneMac: boolean
  private readonly macPj: number
  private readonly staticPjPerCycle: number
  private readonly slowest: boolean
  // Operands that skip a level under direct bypass: bit x.
  private readonly skipLocal: number
  private readonly skipGlobal: number
  // Tiles and counts of the last evaluation, by operand: [input, weight, output]; outputs count reads and writes.
  private readonly localTile = new Float64Array(3)
  private readonly globalTile = new Float64Array(3)
  private readonly localSend = new Float64Array(3)
  private readonly globalSend = new Float64Array(3)
  private readonly dramSend = new Float64Array(3)
  private readonly whole = new Float64Array(3)
  private readonly localCount = new Float64Array(3)
  private readonly globalCount = new Float64Array(4)
  private readonly dramCount = new Float64Array(4)
  private readonly scratch = new Float64Array(3)
  private readonly v = new Float64Array(8)

  constructor(problem: TableProblem) {
    this.problem = problem
    const { conventions, layer } = problem
    this.direct = conventions.bypass === 'direct'
    this.anyLoop = conventions.inputReuse === 'any-loop'
    this.inclusive = conventions.separateCapacity === 'inclusive'
    this.perTransfer = conventions.lineRounding === 'per-transfer'
    this.oneMac = problem.macArray.x * problem.macArray.y === 1
    this.slowest = conventions.overlap === 'full'
    this.macPj = problem.macs * problem.accelerator.macEnergyPj
    const rate = problem.staticPjPerCycle
    this.staticPjPerCycle = rate.mac + rate.local + rate.global + rate.dram
    this.skipLocal = this.direct ? bits(problem.local.bypassed) : 0
    this.skipGlobal = this.direct && problem.global.present ? bits(problem.global.bypassed) : 0
    this.v.set(layer.dims)
    this.tiles(this.whole)
  }

  evaluate(f: FoldedTable, parts: number): void {
    const { problem, v } = this
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
    this.macCycles = problem.macs / (this.oneMac ? pes * chips : macs * pes * chips)
    this.tiles(this.localSend)
    for (let c = 0; c < 8; c++) v[c] *= f[L + c]
    this.tiles(this.localTile)
    for (let c = 0; c < 8; c++) v[c] *= f[E + c]
    this.tiles(this.globalSend)
    for (let c = 0; c < 8; c++) v[c] *= f[D + c]
    this.tiles(this.globalTile)
    for (let c = 0; c < 8; c++) v[c] *= f[H + c]
    this.tiles(this.dramSend)
    this.fits = this.fitsLevel(local, this.localTile) && this.fitsLevel(global, this.globalTile)
    this.countTransfers(f)
    if ((parts & part.global) !== 0) this.globalPart(f, pes * chips, chips)
    if ((parts & part.local) !== 0) this.localPart(pes * chips)
    if ((parts & part.dram) !== 0) this.dramPart(f, dram)
  }

  /** Transfers global buffer → local buffer and fills of the local buffer. */
  private globalPart(f: FoldedTable, pes: number, chips: number): void {
    const { local, global } = this.problem
    this.globalUpperPj = 0
    this.globalLowerPj = 0
    this.localLowerPj = 0
    this.globalCycles = 0
    for (let x = 0; x < 3; x++) {
      const pastLocal = (this.skipLocal >> x) & 1
      if (pastLocal === 0) {
        this.localLowerPj += this.localTile[x] * this.globalCount[x] * local.accessEnergyPj[x] * pes
      }
      if (!global.present || ((this.skipGlobal >> x) & 1) !== 0) continue
      const size = pastLocal === 0 ? this.globalSend[x] : this.tilePast(f, x, false, false)
      const count = pastLocal === 0 ? this.globalCount[x] : this.localCount[x]
      const e = global.accessEnergyPj[x] * chips
      this.globalUpperPj += size * count * e
      this.globalLowerPj += this.globalTile[x] * this.dramCount[x] * e
      const n = this.transferCycles(global, x, size, count)
      this.globalCycles = global.shared ? this.globalCycles + n : Math.max(this.globalCycles, n)
    }
  }

  /** Reads and writes of the MACs. */
  private localPart(pes: number): void {
    const { local } = this.problem
    this.localUpperPj = 0
    this.localCycles = 0
    for (let x = 0; x < 3; x++) {
      if (((this.skipLocal >> x) & 1) !== 0) continue
      const size = this.localSend[x]
      this.localUpperPj += size * this.localCount[x] * local.accessEnergyPj[x] * pes
      const n = this.transferCycles(local, x, size, this.localCount[x])
      this.localCycles = local.shared ? this.localCycles + n : Math.max(this.localCycles, n)
    }
  }

  /** Transfers out of DRAM, to whichever level the operand is stored in next. */
  private dramPart(f: FoldedTable, dram: LevelModel): void {
    this.dramPj = 0
    this.dramCycles = 0
    for (let x = 0; x < 3; x++) {
      const pastLocal = (this.skipLocal >> x) & 1
      const pastGlobal = this.problem.global.present ? (this.skipGlobal >> x) & 1 : pastLocal
      let size = this.dramSend[x]
      let count = this.dramCount[x]
      if (pastGlobal !== 0) {
        size = this.tilePast(f, x, pastLocal === 0, true)
        count = pastLocal === 0 ? this.globalCount[x] : this.localCount[x]
      }
      this.dramPj += size * count * dram.accessEnergyPj[x]
      this.dramCycles += this.transferCycles(dram, x, size, count)
    }
  }

  energyPj(): number {
    return (
      this.macPj +
      (this.localUpperPj + this.localLowerPj) +
      (this.globalUpperPj + this.globalLowerPj) +
      this.dramPj +
      this.staticPjPerCycle * this.cycles()
    )
  }

  cycles(): number {
    return this.slowest
      ? Math.max(this.macCycles, this.localCycles, this.globalCycles, this.dramCycles)
      : this.macCycles + this.localCycles + this.globalCycles + this.dramCycles
  }

  /** Sizes of the block of extents `v`. */
  private tiles(into: Float64Array): void {
    const { v } = this
    const { strideY, strideX, dilationY, dilationX } = this.problem.layer
    const height = (v[P] - 1) * strideY + (v[R] - 1) * dilationY + 1
    const width = (v[Q] - 1) * strideX + (v[S] - 1) * dilationX + 1
    const shared = v[G]
    into[0] = v[B] * v[C] * shared * height * width
    into[1] = v[K] * v[C] * v[R] * v[S] * shared
    into[2] = v[K] * v[B] * v[P] * v[Q] * shared
  }

  /** Size of what passes by a level: the union over the copies, without the loops of the levels passed. */
  private tilePast(f: FoldedTable, x: number, withLocal: boolean, withChips: boolean): number {
    const { v } = this
    for (let c = 0; c < 8; c++) {
      v[c] = f[M + c] * f[E + c] * (withLocal ? f[L + c] : 1) * (withChips ? f[H + c] : 1)
    }
    this.tiles(this.scratch)
    return this.scratch[x]
  }

  private fitsLevel(level: LevelModel, tile: Float64Array): boolean {
    if (!level.present) return true
    const { capacity, bypassed } = level
    if (level.shared) {
      let held = 0
      for (let x = 0; x < 3; x++) if (!bypassed[x]) held += tile[x]
      return held <= capacity[0]
    }
    for (let x = 0; x < 3; x++) {
      if (this.inclusive ? !bypassed[x] && tile[x] > capacity[x] : tile[x] >= capacity[x])
        return false
    }
    return true
  }

  private transferCycles(level: LevelModel, x: number, size: number, count: number): number {
    const lines = this.perTransfer
      ? count * Math.ceil(size / level.elementsPerTransfer)
      : Math.ceil((size * count) / level.elementsPerTransfer)
    return lines * level.cyclesPerTransfer[x]
  }

  private countTransfers(f: FoldedTable): void {
    const { dramCount, globalCount, localCount } = this
    const outerTiles = f[X + K] * f[X + B] * f[X + P] * f[X + Q] * f[X + G]
    const outerCrs = f[X + C] * f[X + R] * f[X + S]
    const { localStationarity, globalStationarity, global } = this.problem
    this.countOut(dramCount, f, X, globalStationarity, outerTiles, outerCrs, 1)
    let dramWrites = dramCount[3]
    const innerTiles = f[D + K] * f[D + B] * f[D + P] * f[D + Q] * f[D + G]
    const tiles = outerTiles * innerTiles
    const crs = outerCrs * f[D + C] * f[D + R] * f[D + S]
    this.countOut(globalCount, f, D, localStationarity, tiles, crs, outerCrs)
    let refetched = 0
    for (let x = 0; x < 3; x++) {
      const readOnce = this.whole[x] === this.dramSend[x]
      const resident = this.globalTile[x] === this.globalSend[x]
      if (readOnce) dramCount[x] = 1
      if (readOnce && x === 2) dramWrites = 1
      if (resident) globalCount[x] = dramCount[x]
      if (readOnce && !resident) refetched |= 1 << x
    }
    if (!this.direct && global.present && refetched !== 0) {
      this.refetchBypassed(f, refetched, dramWrites)
    }
    const localTiles = tiles * f[L + K] * f[L + B] * f[L + P] * f[L + Q] * f[L + G]
    const localCrs = crs * f[L + C] * f[L + R] * f[L + S]
    localCount[0] = localTiles * localCrs
    localCount[1] = localCount[0]
    localCount[2] = localTiles * (localCrs - 1) + localCount[0]
  }

  /** Counts out of row `r`; outputs: reads and writes in [2], writes alone in [3]. */
  private countOut(
    into: Float64Array,
    f: FoldedTable,
    r: number,
    stationarity: Stationarity,
    tiles: number,
    crs: number,
    outerCrs: number,
  ): void {
    const all = tiles * crs
    into[0] = all
    into[1] = all
    into[2] = tiles * (crs - 1) + all
    into[3] = all
    switch (stationarity) {
      case 'is':
        into[0] = all / this.spared(f, r, 'is')
        break
      case 'ws':
        into[1] = all / this.spared(f, r, 'ws')
        break
      case 'os':
        into[3] = all / this.spared(f, r, 'os')
        into[2] = tiles * (outerCrs - 1) + into[3]
        break
      case 'none':
    }
  }

  private spared(f: FoldedTable, r: number, stationarity: 'is' | 'ws' | 'os'): number {
    if (stationarity === 'ws') return f[r + B] * f[r + P] * f[r + Q]
    if (stationarity === 'os') return f[r + C] * f[r + R] * f[r + S]
    if (f[r + K] !== 1 || !this.anyLoop) return f[r + K]
    return Math.max(f[r + B] * f[r + P] * f[r + Q], f[r + C] * f[r + R] * f[r + S])
  }

  /** The published correction for bypassed operands that DRAM reads once (Q14, Q15). */
  private refetchBypassed(f: FoldedTable, refetched: number, writes: number): void {
    const { bypassed } = this.problem.global
    const { dramCount } = this
    const reads = dramCount[2] - writes
    if (bypassed[0] && (refetched & 1) !== 0) {
      dramCount[2] = reads + writes * this.spared(f, X, 'is')
    }
    if (bypassed[1] && (refetched & 2) !== 0) dramCount[1] *= this.spared(f, X, 'ws')
    if (bypassed[2] && (refetched & 4) !== 0) {
      const spared = this.spared(f, X, 'os')
      dramCount[2] = spared - 1 + (dramCount[2] - reads) * spared
    }
  }
}

function bits(flags: readonly boolean[]): number {
  return flags.reduce((sum, flag, x) => sum | (flag ? 1 << x : 0), 0)
}
