import type { Stationarity } from '../../model/index.js'
import type { TableConventions } from '../../cost/scheduling-table/index.js'
import type { TileLattice } from './tile-lattice.js'

/** Tile transfers of one boundary, reads and writes of the output apart. */
export interface DramCounts {
  readonly input: Float64Array
  readonly weight: Float64Array
  readonly outputRead: Float64Array
  readonly outputWrite: Float64Array
  /** 1 where the operand is complete in one transfer. */
  readonly inputOnce: Uint8Array
  readonly weightOnce: Uint8Array
  readonly outputOnce: Uint8Array
}

/** Iterations of a row of loops for which a stationary input need not be sent again. */
export function sparedInput(
  lattice: TileLattice,
  loops: number,
  inputReuse: TableConventions['inputReuse'],
): number {
  const k = lattice.k[loops]
  if (k !== 1 || inputReuse === 'output-channels') return k
  return Math.max(lattice.bpq[loops], lattice.crs[loops])
}

/** Transfers out of DRAM for every tile that one round of all chips works on, under the stationarity of the next level. */
export function dramCounts(
  lattice: TileLattice,
  stationarity: Stationarity,
  inputReuse: TableConventions['inputReuse'],
): DramCounts {
  const n = lattice.size
  const top = n - 1
  const counts = {
    input: new Float64Array(n),
    weight: new Float64Array(n),
    outputRead: new Float64Array(n),
    outputWrite: new Float64Array(n),
    inputOnce: new Uint8Array(n),
    weightOnce: new Uint8Array(n),
    outputOnce: new Uint8Array(n),
  }
  for (let tile = 0; tile < n; tile++) {
    const loops = top - tile
    const all = lattice.volume[loops]
    const outputs = all / lattice.crs[loops]
    const inputOnce = lattice.input[tile] === lattice.input[top]
    const weightOnce = lattice.weight[tile] === lattice.weight[top]
    const outputOnce = lattice.output[tile] === lattice.output[top]
    counts.inputOnce[tile] = Number(inputOnce)
    counts.weightOnce[tile] = Number(weightOnce)
    counts.outputOnce[tile] = Number(outputOnce)
    const spared = stationarity === 'is' ? sparedInput(lattice, loops, inputReuse) : 1
    counts.input[tile] = inputOnce ? 1 : all / spared
    counts.weight[tile] = weightOnce ? 1 : stationarity === 'ws' ? all / lattice.bpq[loops] : all
    counts.outputRead[tile] = outputOnce || stationarity === 'os' ? 0 : all - outputs
    counts.outputWrite[tile] = outputOnce ? 1 : stationarity === 'os' ? outputs : all
  }
  return counts
}
