import type { Run } from '../model/index.js'
import type { Chart } from './chart.js'
import type { ReproductionInputs } from './reproduction-inputs.js'

export type Cell = string | number

/** A reproduced table; also the data of a figure. Written as `<name>.csv`. */
export interface ReproducedTable {
  /** File stem, e.g. `fig12-energy`. */
  readonly name: string
  readonly title: string
  /** Column titles with units. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A published figure, drawn again from a table. Written as `<name>.svg` and `<name>.png`. */
export interface ReproducedFigure {
  readonly name: string
  readonly title: string
  /** What is seen, and how it compares with the publication. */
  readonly caption: string
  readonly table: ReproducedTable
  readonly chart: Chart
}

export interface ReproductionResult {
  readonly figures: readonly ReproducedFigure[]
  readonly tables: readonly ReproducedTable[]
  /** Sentences: which published statement was confirmed, which was not, and why. */
  readonly findings: readonly string[]
}

/**
 * The published figures and tables of one system. The work is split into jobs that run on worker threads, so jobs
 * and their results must be structured-cloneable; the outcome does not depend on the number of threads.
 */
export interface Reproduction {
  /** Names that `--only` accepts, each with what it shows. */
  readonly parts: Readonly<Record<string, string>>
  /** Independent jobs for the wanted parts. */
  plan(parts: readonly string[], inputs: ReproductionInputs): readonly unknown[]
  work(job: unknown, run: Run): unknown
  /** Figures and tables of the wanted parts from the results, given in job order. */
  assemble(
    parts: readonly string[],
    jobs: readonly unknown[],
    results: readonly unknown[],
  ): ReproductionResult
}
