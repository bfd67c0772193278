import { lineCycles, stageCycles, type ObjectiveModel } from './objective.js'
import { minimumOverDivisors } from './tile-lattice.js'

/**
 * The innermost stage: which part of a local-buffer tile runs in parallel on the MAC array. Its cost depends on the rest of
 * the mapping only through the number of PEs at work and the reduction unrolled over them, so one table over all tiles per
 * such pair holds its exact optimum.
 */
export interface MacStage {
  /**
   * Least objective of the stage per local tile: local-buffer reads and writes towards the MACs, MAC and local-buffer cycles;
   * Infinity where no unrolling divides the tile. A lower bound of it when the model is not separable.
   * @param copies PEs × chips at work
   * @param reduction C·R·S unrolled over PEs and chips
   */
  table(copies: number, reduction: number): Float64Array
  /** Least value over all local tiles: a bound that needs no table. */
  least(copies: number, reduction: number): number
  /** Objective of one unrolling. */
  cost(shape: number, copies: number, reduction: number): number
}

export function macStage(model: ObjectiveModel): MacStage {
  const { lattice, macs, outputs, local, macShapes, weights, roundsPerTransfer } = model
  const { input, weight, output, volume } = lattice
  const [eI, eW, eO] = local.energy.map((e, x) => (local.skipped[x] ? 0 : e))
  const [skipI, skipW, skipO] = local.skipped
  const tables = new Map<number, Float64Array>()

  const cost = (shape: number, copies: number, reduction: number): number => {
    const parallel = volume[shape] * copies
    const steps = macs / parallel
    const i = input[shape]
    const w = weight[shape]
    const o = output[shape]
    // A partial sum is read back every time but the first of each copy's output.
    const firsts = (outputs * reduction) / (copies * o)
    const outputMoves = Math.max(steps, 2 * steps - firsts)
    const energy = copies * (steps * (i * eI + w * eW) + outputMoves * o * eO)
    const buffer = stageCycles(
      local,
      skipI ? 0 : lineCycles(local, 0, i, steps, roundsPerTransfer),
      skipW ? 0 : lineCycles(local, 1, w, steps, roundsPerTransfer),
      skipO ? 0 : lineCycles(local, 2, o, outputMoves, roundsPerTransfer),
    )
    const cycles = model.overlaps ? Math.max(steps, buffer) : steps + buffer
    return energy + weights.cycles * cycles
  }

  return {
    cost,
    least(copies, reduction) {
      let least = Infinity
      for (const shape of macShapes) least = Math.min(least, cost(shape, copies, reduction))
      return least
    },
    table(copies, reduction) {
      const key = copies * 1048576 + reduction
      let values = tables.get(key)
      if (values === undefined) {
        values = new Float64Array(lattice.size)
        if (macShapes.length === 1 && model.localLoops) values.fill(cost(0, copies, reduction))
        else {
          values.fill(Infinity)
          for (const shape of macShapes) values[shape] = cost(shape, copies, reduction)
          if (model.localLoops) minimumOverDivisors(values, lattice.axes)
        }
        tables.set(key, values)
      }
      return values
    },
  }
}
