import { cyclesAt, type InputActivity, type LatencyModel } from '../latency-model.js'
import { outputSize, type AttentionLayer, type ConvLayer } from '../sparse-layer.js'
import { VECTOR_COLUMNS, type ScoreStatistics } from './load-balance.js'

/** Sanger (Lu et al. 2021): a 64-row score-stationary array with P of 64 processing elements per row, 1 GHz, 16 bit. */
export interface SangerMachine {
  readonly rows: number
  /** P: survivors per sub-row that one array row computes at once. */
  readonly elementsPerRow: number
  readonly clockMhz: number
  readonly operandBytes: number
  readonly dramBytesPerCycle: number
  /** 4-bit multiply-accumulates per cycle of the unit that predicts the mask. */
  readonly predictionMacsPerCycle: number
}

export const sangerMachine: SangerMachine = Object.freeze({
  rows: 64,
  elementsPerRow: 16,
  clockMhz: 1000,
  operandBytes: 2,
  dramBytesPerCycle: 128,
  predictionMacsPerCycle: 64 * 64,
})

/**
 * Sanger with what the published formula leaves out: sub-rows of the real mask per head and column block, the length and
 * head width of the layer, dense projections and feed-forward layers (each its own layer), 4-bit prediction, DRAM.
 *
 * Attention: the sub-rows of a column block fill the array 64 at a time; each filling streams the head width twice (scores,
 * then weighted sum with the scores in place), the skew of 64 paid once per stream. Prediction of a head overlaps the
 * computation of the one before. Everything else runs dense, 64 rows × P columns of outputs at a time. Vectors have 64
 * columns whatever the number of rows.
 * @param concentration when only a density is known: how evenly it is spread over vectors. Infinity: every score survives
 *   independently; small values: most vectors are nearly empty and some nearly full, as trained attention is (beta
 *   distribution with this sum of parameters).
 */
export function sangerX(
  machine: SangerMachine = sangerMachine,
  concentration = Infinity,
): LatencyModel {
  return {
    name: modelName(machine, concentration),
    clockMhz: machine.clockMhz,
    rejects: () => undefined,
    prepare(layer) {
      if (layer.kind === 'conv') {
        const dense = denseProduct(machine, layer)
        return () => dense
      }
      return (input) => attention(machine, layer, input, concentration)
    },
  }
}

/** The version, with the array's size where it is not the published one. */
function modelName({ rows, elementsPerRow }: SangerMachine, concentration: number): string {
  const size = `${rows}x${elementsPerRow}`
  const clumps = concentration === Infinity ? '' : `-beta${concentration}`
  return `sanger-x-1${size === '64x16' ? '' : `-${size}`}${clumps}`
}

function attention(
  machine: SangerMachine,
  layer: AttentionLayer,
  input: InputActivity,
  concentration: number,
): ReturnType<typeof cyclesAt> {
  if (input.kind === 'mask') throw new TypeError(`${layer.name} takes scores, not activations`)
  const perFilling = 2 * (layer.headWidth + machine.rows)
  const heads =
    input.kind === 'scores'
      ? fillingsPerHead(machine, input.scores)
      : new Array<number>(layer.heads).fill(
          expectedFillings(machine, layer, input.density, concentration),
        )
  const prediction = (layer.queries * layer.keys * layer.headWidth) / machine.predictionMacsPerCycle
  let array = 0
  let overlapped = prediction
  for (const fillings of heads) {
    const each = fillings * perFilling
    array += each
    overlapped += Math.max(each, prediction)
  }
  // The last head has no successor whose mask is predicted meanwhile.
  const last = heads[heads.length - 1] * perFilling
  overlapped -= Math.max(last, prediction) - last
  const values = layer.heads * layer.headWidth * (2 * layer.queries + 2 * layer.keys)
  const dram = (values * machine.operandBytes) / machine.dramBytesPerCycle
  const cycles = Math.ceil(Math.max(overlapped, dram))
  return cyclesAt(machine.clockMhz, cycles, {
    array,
    prediction: prediction * layer.heads,
    dram,
  })
}

/** Array fillings of each head: per column block, its sub-rows 64 at a time. */
function fillingsPerHead(machine: SangerMachine, scores: ScoreStatistics): number[] {
  const blocks = Math.ceil(scores.keys / VECTOR_COLUMNS)
  const width = VECTOR_COLUMNS + 1
  return Array.from({ length: scores.heads }, (_, head) => {
    let fillings = 0
    for (let block = 0; block < blocks; block++) {
      let subRows = 0
      const at = (head * blocks + block) * width
      for (let ones = 1; ones < width; ones++) {
        subRows += scores.counts[at + ones] * Math.ceil(ones / machine.elementsPerRow)
      }
      fillings += Math.ceil(subRows / machine.rows)
    }
    return fillings
  })
}

/** Fillings expected from the density alone, see {@link sangerX}. */
function expectedFillings(
  machine: SangerMachine,
  layer: AttentionLayer,
  density: number,
  concentration: number,
): number {
  let fillings = 0
  for (let from = 0; from < layer.keys; from += VECTOR_COLUMNS) {
    const columns = Math.min(VECTOR_COLUMNS, layer.keys - from)
    const subRows =
      layer.queries * expectedSubRows(columns, density, machine.elementsPerRow, concentration)
    fillings += Math.max(subRows / machine.rows, subRows > 0 ? 1 : 0)
  }
  return fillings
}

/** Sub-rows of one vector whose number of survivors is binomial, or beta-binomial for a finite concentration. */
function expectedSubRows(
  columns: number,
  density: number,
  perRow: number,
  concentration: number,
): number {
  if (density <= 0) return 0
  if (density >= 1) return Math.ceil(columns / perRow)
  const a = density * concentration
  const b = (1 - density) * concentration
  const independent = concentration === Infinity
  let probability = 1
  for (let i = 0; i < columns; i++) {
    probability *= independent ? 1 - density : (b + i) / (a + b + i)
  }
  let expected = 0
  for (let n = 1; n <= columns; n++) {
    const odds = independent ? density / (1 - density) : (a + n - 1) / (b + columns - n)
    probability *= ((columns - n + 1) / n) * odds
    expected += probability * Math.ceil(n / perRow)
  }
  return expected
}

function denseProduct(machine: SangerMachine, layer: ConvLayer): ReturnType<typeof cyclesAt> {
  const out = outputSize(layer)
  const rows = out.height * out.width
  const depth = (layer.inputChannels / layer.groups) * layer.kernel.y * layer.kernel.x
  const filters = layer.outputChannels / layer.groups
  const tiles =
    Math.ceil(rows / machine.rows) * Math.ceil(filters / machine.elementsPerRow) * layer.groups
  const array = tiles * depth
  const values =
    layer.inputChannels * layer.height * layer.width + layer.outputChannels * (depth + rows)
  const dram = (values * machine.operandBytes) / machine.dramBytesPerCycle
  return cyclesAt(machine.clockMhz, Math.ceil(Math.max(array, dram)), { array, dram })
}
