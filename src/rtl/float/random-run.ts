import { createRng, type Rng } from '../../base/index.js'
import type { HardwareOptions } from '../hardware-options.js'
import { floatBits } from './ieee.js'
import { LAYERS_PER_TABLE } from './modules/scheduler.js'
import {
  FLOAT_DECISION_CLOCKS,
  FLOAT_FIRST_CLOCKS,
  FloatSchedulerModel,
  type FloatTableRow,
  type Rescore,
} from './scheduler-model.js'
import { floatArithmetic } from './score-unit.js'

/** One word of the request port. */
export interface FloatCommand {
  readonly control: number
  readonly data: number
}

/** One decision and the layer that follows it, with what the model expects. */
export interface FloatRound {
  readonly selected: number
  readonly decisionClocks: number
  readonly nonzeros: number
  readonly busyClocks: number
  readonly finished: boolean
  readonly gamma: number
  readonly rescored: readonly Pick<Rescore, 'slot' | 'score'>[]
}

export interface FloatRun {
  readonly commands: readonly FloatCommand[]
  readonly rounds: readonly FloatRound[]
}

/** The clock reads this when the first command is taken. */
const FIRST_COMMAND = 1

/** Random tables and requests, served to the end or for the given number of rounds. */
export function randomFloatRun(options: HardwareOptions, rounds: number, seed: number): FloatRun {
  const rng = createRng(seed)
  const arithmetic = floatArithmetic(options.format === 'fp16' ? 16 : 32, options.beta)
  const tables = Array.from({ length: 4 }, (_, model) => ({
    model,
    pattern: rng.below(4),
    rows: randomRows(rng, arithmetic.format, arithmetic.isolationFraction),
  })).filter((t) => (4 * t.model + t.pattern + 1) * LAYERS_PER_TABLE <= options.rows)
  const commands: FloatCommand[] = []
  for (const t of tables) {
    commands.push({ control: 1, data: t.model + t.pattern * 32 })
    for (const row of t.rows)
      commands.push(
        { control: 2, data: row.latency },
        { control: 3, data: row.reciprocalDensity },
        { control: 4, data: row.isolation },
        { control: 5, data: row.reciprocalShape },
      )
  }
  const model = new FloatSchedulerModel(arithmetic)
  const requests = 1 + rng.below(options.slots)
  for (let slot = 0; slot < requests; slot++) {
    const t = tables[rng.below(tables.length)]
    const deadline = 200 + rng.below(options.format === 'fp16' ? 30000 : 2 ** 20)
    const score = floatBits(arithmetic.format, 1 + rng.below(30000))
    commands.push(
      { control: 8, data: t.model + t.pattern * 32 + slot * 128 },
      { control: 9, data: deadline },
      { control: 10, data: score },
    )
    const now = FIRST_COMMAND + commands.length - 2
    model.submit({ slot, rows: t.rows, deadline, score, now })
  }
  const played: FloatRound[] = []
  let start = FIRST_COMMAND + commands.length + FLOAT_FIRST_CLOCKS + requests
  let decisionClocks = FLOAT_FIRST_CLOCKS + requests
  for (let r = 0; r < rounds; r++) {
    const selected = model.select()
    if (selected === undefined) break
    const busyClocks = 1 + rng.below(100)
    const nonzeros = rng.below(2 * busyClocks + 1)
    const finished = model.layerOf(selected) + 1 === model.layersOf(selected)
    const done = start + busyClocks
    const { gamma, rescored } = model.finish(selected, nonzeros, done, finished)
    played.push({ selected, decisionClocks, nonzeros, busyClocks, finished, gamma, rescored })
    decisionClocks = FLOAT_DECISION_CLOCKS + 2 * model.queue.length
    start = done + decisionClocks
  }
  return { commands, rounds: played }
}

/** Rows 0 … L of a network; the last one is empty. */
function randomRows(
  rng: Rng,
  format: Parameters<typeof floatBits>[0],
  isolationFraction: number,
): FloatTableRow[] {
  const layers = 3 + rng.below(4)
  return Array.from({ length: layers + 1 }, (_, k) => ({
    latency: floatBits(format, k === layers ? 0 : (layers - k) * (20 + rng.below(1200))),
    reciprocalDensity: floatBits(format, k === layers ? 0 : 1 / (0.2 + 0.8 * rng.next())),
    reciprocalShape: floatBits(format, k === layers ? 0 : 1 / (60 + rng.below(240))),
    isolation: rng.below(2 ** (isolationFraction - 2)),
  }))
}
