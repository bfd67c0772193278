import { realRows, row } from '../../model/index.js'
import type { LevelModel, TableProblem, Triple } from '../../cost/scheduling-table/index.js'
import { arrayShapes } from './array-shapes.js'
import type { TileLattice } from './tile-lattice.js'

/** A linear objective: `energy` per dynamic pJ plus `cycles` per cycle of latency. */
export interface Weights {
  readonly energy: number
  readonly cycles: number
}

/** One memory level under a linear objective. */
export interface Stage {
  readonly present: boolean
  /** Objective per element moved, cycles not counted. */
  readonly energy: Triple
  readonly cyclesPerLine: Triple
  readonly elementsPerLine: number
  /** Cycles of the operands add up (one port), or the slowest counts. */
  readonly addsUp: boolean
  /** Operands whose transfers never touch this level. */
  readonly skipped: readonly [boolean, boolean, boolean]
}

/** A layer, an accelerator and a linear objective in the terms of the search; the dataflow is still open. */
export interface ObjectiveModel {
  readonly problem: TableProblem
  readonly lattice: TileLattice
  readonly weights: Weights
  readonly macs: number
  readonly outputs: number
  /** Objective of the multiply-accumulates themselves. */
  readonly macEnergy: number
  readonly local: Stage
  readonly global: Stage
  readonly dram: Stage
  /** Lattice points that fit on the MAC array of a PE, the PEs of a chip, the chips. */
  readonly macShapes: Int32Array
  readonly peShapes: Int32Array
  readonly chipShapes: Int32Array
  /** 1 where the tile fits the buffer. */
  readonly fitsLocal: Uint8Array
  readonly fitsGlobal: Uint8Array
  /** Whether the buffers may hold loops. */
  readonly localLoops: boolean
  readonly globalLoops: boolean
  /** Lines are rounded up per transfer, or once for all transfers of a level. */
  readonly roundsPerTransfer: boolean
  /** Stages overlap perfectly: the slowest is the latency. */
  readonly overlaps: boolean
  /**
   * Whether the best inner unrolling depends on the rest of the mapping only through the number of copies, so that it can be
   * tabulated. Not so when stages overlap or an operand bypasses the local buffer.
   */
  readonly separable: boolean
}

/** Compiles a problem (whatever its dataflow) under a linear objective. */
export function objectiveModel(
  problem: TableProblem,
  lattice: TileLattice,
  weights: Weights,
): ObjectiveModel {
  const { conventions, local, global } = problem
  const real = realRows(problem.accelerator)
  const direct = conventions.bypass === 'direct'
  const stage = (level: LevelModel): Stage => ({
    present: level.present,
    energy: level.accessEnergyPj.map((e) => e * weights.energy) as unknown as Triple,
    cyclesPerLine: level.present ? level.cyclesPerTransfer : [0, 0, 0],
    elementsPerLine: level.elementsPerTransfer,
    addsUp: level.shared,
    // Without a global buffer only what skips the local buffer too skips it: the rest finds the same loops around it.
    skipped: level.bypassed.map((b, x) => b && direct && (level.present || local.bypassed[x])) as [
      boolean,
      boolean,
      boolean,
    ],
  })
  const localStage = stage(local)
  const overlaps = conventions.overlap === 'full'
  return {
    problem,
    lattice,
    weights,
    macs: problem.macs,
    outputs: lattice.output[lattice.size - 1],
    macEnergy: problem.macs * problem.accelerator.macEnergyPj * weights.energy,
    local: localStage,
    global: stage(global),
    dram: stage(problem.dram),
    macShapes: arrayShapes(lattice, problem.macArray),
    peShapes: arrayShapes(lattice, problem.peArray),
    chipShapes: arrayShapes(lattice, problem.chips),
    fitsLocal: fits(lattice, local, conventions.separateCapacity),
    fitsGlobal: fits(lattice, global, conventions.separateCapacity),
    localLoops: real[row.localBuffer],
    globalLoops: real[row.globalBuffer],
    roundsPerTransfer: conventions.lineRounding === 'per-transfer',
    overlaps,
    separable: !overlaps && !localStage.skipped.includes(true),
  }
}

function fits(
  lattice: TileLattice,
  level: LevelModel,
  rule: TableProblem['conventions']['separateCapacity'],
): Uint8Array {
  const ok = new Uint8Array(lattice.size).fill(1)
  if (!level.present) return ok
  const tiles = [lattice.input, lattice.weight, lattice.output]
  const { capacity, bypassed } = level
  for (let t = 0; t < lattice.size; t++) {
    if (level.shared) {
      let held = 0
      for (let x = 0; x < 3; x++) if (!bypassed[x]) held += tiles[x][t]
      if (held > capacity[0]) ok[t] = 0
      continue
    }
    for (let x = 0; x < 3; x++) {
      const room =
        rule === 'inclusive' ? bypassed[x] || tiles[x][t] <= capacity[x] : tiles[x][t] < capacity[x]
      if (!room) ok[t] = 0
    }
  }
  return ok
}

/** Cycles that `count` transfers of `tile` elements of operand `x` take. */
export function lineCycles(
  stage: Stage,
  x: number,
  tile: number,
  count: number,
  perTransfer: boolean,
): number {
  const n = stage.elementsPerLine
  const lines = perTransfer ? count * Math.ceil(tile / n) : Math.ceil((tile * count) / n)
  return lines * stage.cyclesPerLine[x]
}

/** Cycles of a level from those of its operands. */
export function stageCycles(stage: Stage, i: number, w: number, o: number): number {
  return stage.addsUp ? i + w + o : Math.max(i, w, o)
}
