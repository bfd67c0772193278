import type { FloatTableRow } from '../../src/rtl/index.js'

/** One vector of the score unit, as `rtl_score_unit.json` holds it. */
export interface ScoreVector {
  readonly now: number
  readonly last_exe: number
  readonly deadline: number
  readonly norm_isolation: number
  readonly lat_bits: number
  readonly gamma_bits: number
  readonly wait: number
  readonly slack: number
  readonly penalty: number
  readonly cost: number
  readonly fcost: number
  readonly bcost: number
  readonly est: number
  readonly score: number
}

export interface GammaVector {
  readonly nonzeros: number
  readonly recip_shape_bits: number
  readonly recip_density_bits: number
  readonly nnz_f: number
  readonly density: number
  readonly gamma: number
}

export type ScoreUnitFile = {
  readonly [width in 'W16' | 'W32']: {
    readonly score: readonly ScoreVector[]
    readonly gamma: readonly GammaVector[]
  }
}

export interface GoldenTable {
  readonly L: number
  readonly lat: readonly number[]
  readonly rdens: readonly number[]
  readonly rshape: readonly number[]
  readonly norm: readonly number[]
  readonly tot: readonly number[]
}

export interface GoldenRound {
  readonly selected: number
  readonly layer: number
  readonly queue: readonly number[]
  readonly scores_bits: Readonly<Record<string, number>>
  readonly decision_cycles: number
  readonly t_select: number
  readonly nonzeros: number
  readonly busy_cycles: number
  readonly gamma_bits: number
  readonly rescored: readonly {
    readonly id: number
    readonly now: number
    readonly last_exe: number
    readonly layer: number
    readonly score_bits: number
    readonly cost: number
  }[]
  readonly finished?: boolean
}

/** One complete scheduling run of `rtl_rounds.json`. */
export interface GoldenRun {
  readonly W: 16 | 32
  /** 1 = shared compute unit, 0 = separate. */
  readonly OPT: 0 | 1
  /** log2 of the slots. */
  readonly D: number
  readonly seed: number
  readonly tables: Readonly<Record<string, GoldenTable>>
  readonly requests: readonly {
    readonly id: number
    readonly model: number
    readonly pattern: number
    readonly deadline: number
    readonly init_score: number
  }[]
  readonly commands: number
  readonly rounds: readonly GoldenRound[]
}

/** Rows 0 … L of a table. */
export function tableRows(table: GoldenTable): FloatTableRow[] {
  return table.lat.map((latency, k) => ({
    latency,
    reciprocalDensity: table.rdens[k],
    reciprocalShape: table.rshape[k],
    isolation: table.norm[k],
  }))
}

/** One word of the request port. */
export interface Command {
  readonly control: number
  readonly data: number
}

/** Commands of a run in the order in which they are sent: tables first, then three words for each request. */
export function commandsOf(run: GoldenRun): Command[] {
  const commands: Command[] = []
  for (const [name, table] of Object.entries(run.tables)) {
    const [model, pattern] = name.split(',').map(Number)
    commands.push({ control: 0b0001, data: model + pattern * 32 })
    for (const row of tableRows(table))
      commands.push(
        { control: 0b0010, data: row.latency },
        { control: 0b0011, data: row.reciprocalDensity },
        { control: 0b0100, data: row.isolation },
        { control: 0b0101, data: row.reciprocalShape },
      )
  }
  for (const r of run.requests)
    commands.push(
      { control: 0b1000, data: r.model + r.pattern * 32 + r.id * 128 },
      { control: 0b1001, data: r.deadline },
      { control: 0b1010, data: r.init_score },
    )
  return commands
}
