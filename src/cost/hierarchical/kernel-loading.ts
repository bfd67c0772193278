import { batchMemory, mostLanes } from './batch-memory.js'
import { LOADING_CYCLES, REAL_CYCLES } from './boundary-rows.js'
import type { KernelPorts } from './kernel-ports.js'
import type { PreparedNest } from './prepared-nest.js'

const { offsets } = batchMemory
/** Per lane, of the input that is being summed up: loads whose ends share no port with the other input, one, or both. */
const byEnds = [perLane(), perLane(), perLane()] as const
/** Per lane, of the first input: loads over shared ports, and the others. */
const firstShared = perLane()
const firstAlone = perLane()

/** Cycles before the first computation, while inputs are brought in, and after the last, while results are taken out. */
export class KernelLoading {
  private readonly nest: PreparedNest
  private readonly ports: KernelPorts

  constructor(nest: PreparedNest, ports: KernelPorts) {
    this.nest = nest
    this.ports = ports
  }

  /** Adds the cycles of loading. */
  addLoading(cycles: Float64Array): void {
    const { tables, problem, count } = this.nest
    const loadsAll = problem.conventions.singleInputLoads === 'all'
    const [unshared, half, shared] = byEnds
    for (let p = 1; p < tables.operandCount; p++) {
      this.sumUp(p)
      if (tables.operandCount === 2) {
        for (let lane = 0; lane < count; lane++) {
          cycles[lane] += loadsAll ? unshared[lane] + half[lane] + shared[lane] : unshared[lane]
        }
      } else if (p === 1) {
        for (let lane = 0; lane < count; lane++) {
          firstShared[lane] = shared[lane]
          firstAlone[lane] = half[lane] + unshared[lane]
        }
      } else {
        for (let lane = 0; lane < count; lane++) {
          const alone = half[lane] + unshared[lane]
          cycles[lane] += Math.min(
            firstShared[lane] + Math.max(shared[lane] + alone, firstAlone[lane]),
            shared[lane] + Math.max(firstShared[lane] + firstAlone[lane], alone),
          )
        }
      }
    }
  }

  /** Adds the cycles of off-loading. */
  addOffloading(cycles: Float64Array): void {
    const { offloadWaits, offloadLatency } = this.ports
    const { rows, tables, lanes, count } = this.nest
    const { values } = rows
    const pairs = tables.levels[0] - 1
    const [sum] = byEnds
    for (let lane = 0; lane < count; lane++) sum[lane] = 0
    for (let m = pairs - 1; m >= 0; m--) {
      if (m < pairs - 1 && offloadWaits[m] === 0) {
        for (let lane = 0; lane < count; lane++) sum[lane] += offloadLatency[m]
        continue
      }
      const first = (m + 1) * lanes
      const real = REAL_CYCLES
      for (let lane = 0; lane < count; lane++) {
        const at = offsets[first + lane] + real
        sum[lane] += Math.max(values[at + 2], values[at + 1])
      }
    }
    for (let lane = 0; lane < count; lane++) cycles[lane] += sum[lane]
  }

  /** Cycles of the first transfer into every memory of input p, by the ends that share a port. */
  private sumUp(p: number): void {
    const { rows, tables, problem, lanes, count } = this.nest
    const { values } = rows
    for (const sums of byEnds) for (let lane = 0; lane < count; lane++) sums[lane] = 0
    for (let row = p * tables.stride; row < p * tables.stride + tables.levels[p] - 1; row++) {
      const ends = this.ports.sharedEnds[row]
      const sums = byEnds[ends]
      // As published, only the outermost of the loads with one shared end counts.
      const keeps = ends === 1 && problem.conventions.halfSharedLoads !== 'sum' ? 0 : 1
      const first = (row + 1) * lanes
      const loading = LOADING_CYCLES
      for (let lane = 0; lane < count; lane++) {
        sums[lane] = sums[lane] * keeps + values[offsets[first + lane] + loading]
      }
    }
  }
}

function perLane(): Float64Array {
  return new Float64Array(mostLanes)
}
