import type { CoreKind, CostSource, OpGraph, Operation, Soc } from '../../model/index.js'

/** A network to be placed, as a file gives it. */
export interface PlaceNetwork {
  /** Form of the file, e.g. `op-graph`. */
  readonly form: string
  readonly graph: OpGraph
  /** Undefined when the file has no times. */
  readonly costs?: CostSource
  /** Cores that the file itself brings along, e.g. the machines of a job shop. */
  readonly soc?: Soc
  readonly periodUs?: number
  readonly deadlineUs?: number
}

/** Times of one operation by column (core kind); the column `*` holds for every kind that has none of its own. */
export type TimeRow = Readonly<Record<string, number | undefined>>

/** A cost source from a table of times, found by operation name. */
export function timeTable(rows: ReadonlyMap<string, TimeRow>): CostSource {
  return {
    cost(operation: Operation, core: CoreKind & { timeColumn?: string; speed?: number }) {
      const row = rows.get(operation.name)
      const time = row?.[core.timeColumn ?? core.name] ?? row?.['*']
      return time === undefined ? undefined : { latencyUs: time / (core.speed ?? 1) }
    },
  }
}

/** Cores that each are a kind of their own, with free transfers: machines and processors of benchmark files. */
export function machines(name: string, names: readonly string[]): Soc {
  return { kind: 'soc', name, cores: names.map((each) => ({ name: each, count: 1 })) }
}
