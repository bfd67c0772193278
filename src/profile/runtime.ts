/** A tensor in memory, row-major. Integers are kept as doubles. */
export interface TensorValue {
  readonly dims: readonly number[]
  readonly data: Float32Array | Float64Array
}

/**
 * Runs a network on one sample. Which network, and which values it may be asked for, was settled when it was made.
 * Implemented by the interpreter of this room and by adapters of third-party runtimes.
 */
export interface NetworkRuntime {
  /** Name and version, as recorded in traces. */
  readonly name: string
  /** Computes the wanted values; nothing is kept once they are returned. */
  run(
    feeds: ReadonlyMap<string, TensorValue>,
    wanted: readonly string[],
  ): Promise<ReadonlyMap<string, TensorValue>>
  close(): Promise<void>
}

/** A constant that stays in its file: its elements are handed over in pieces. */
export interface ConstantTensor {
  readonly dims: readonly number[]
  /** Calls `take` with consecutive pieces, row-major; each is valid during its call only. */
  forEachPiece(take: (values: TensorValue['data'], start: number) => void): void
}

/** Finds a constant of the graph by name. */
export type ConstantReader = (name: string) => ConstantTensor

/** A constant in memory as a whole. */
export function loadConstant(constant: ConstantTensor): TensorValue {
  const { dims } = constant
  const size = sizeOf(dims)
  let data: TensorValue['data'] = new Float32Array(0)
  constant.forEachPiece((values, start) => {
    if (start === 0) {
      data = values instanceof Float32Array ? new Float32Array(size) : new Float64Array(size)
    }
    data.set(values, start)
  })
  return { dims, data }
}

/** Number of elements of a shape. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1)
}
