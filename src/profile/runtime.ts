/** A tensor in memory, row-major. Integers are kept as doubles. */
export interface TensorValue {
  readonly dims: readonly number[]
  readonly data: Float32Array | Float64Array
}

/**
 * Runs a network on one sample and returns the wanted values. Which values and which network was settled when it was
 * made. Implemented by the interpreter of this room and by adapters of third-party runtimes.
 */
export interface NetworkRuntime {
  /** Name and version, as recorded in traces. */
  readonly name: string
  run(feeds: ReadonlyMap<string, TensorValue>): Promise<ReadonlyMap<string, TensorValue>>
  close(): Promise<void>
}

/** Elements of a constant of the graph, by name. */
export type ConstantReader = (name: string) => TensorValue

/** Number of elements of a shape. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1)
}
