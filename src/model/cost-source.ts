/** One operation of a network, as `place` and `serve` see it: no loops, only a name and a type. */
export interface Operation {
  readonly name: string
  /** Operator type, e.g. `Conv2D`; decides which core kinds can run it. */
  readonly type: string
}

/** A kind of core of a chip, e.g. all NPUs of one design. */
export interface CoreKind {
  readonly name: string
}

/** Fractions of non-zero values, 0 … 1; absent means dense. */
export interface Density {
  readonly input?: number
  readonly weight?: number
}

/** What running an operation once on one core costs. */
export interface OperationCost {
  readonly latencyUs: number
  /** Absent when the source knows times only. */
  readonly energyPj?: number
}

/**
 * Execution cost of one operation on one core kind; undefined = cannot run there. Filled by our cost model, a
 * published table, a trace or a measurement: `place` and `serve` do not know which.
 */
export interface CostSource {
  cost(operation: Operation, core: CoreKind, density?: Density): OperationCost | undefined
}
