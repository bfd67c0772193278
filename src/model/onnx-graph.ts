/** Element types of ONNX tensors, by their number in the format. */
export const onnxElementTypes = [
  'undefined',
  'float',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'double',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
] as const
export type OnnxElementType = (typeof onnxElementTypes)[number]

/** Where the elements of a tensor are; nothing is read until asked for. Offsets count bytes from the file's start. */
export type OnnxStorage =
  /** Little-endian elements in one piece of the model file. */
  | { readonly kind: 'raw'; readonly offset: number; readonly byteLength: number }
  /** Elements spread over typed fields of the tensor's message, which occupies this range. */
  | { readonly kind: 'fields'; readonly offset: number; readonly byteLength: number }
  /** Elements in another file, which may be missing. `byteLength` absent: to the end of that file. */
  | {
      readonly kind: 'external'
      readonly location: string
      readonly offset: number
      readonly byteLength?: number
    }

/** A constant tensor of a model: what it is and where its elements lie. */
export interface OnnxTensor {
  readonly name: string
  readonly elementType: OnnxElementType
  readonly dims: readonly number[]
  readonly storage: OnnxStorage
  /**
   * Elements of small numeric constants (shapes, axes, scales), row-major; absent for anything large or textual.
   * 64-bit integers beyond 2^53 are rounded, which only the "to the end" markers of Slice reach.
   */
  readonly values?: readonly number[]
}

/** Attribute of a node, by the kind of value it holds. A sub-graph is only located. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'graph'; readonly offset: number; readonly byteLength: number }
  | { readonly kind: 'other' }

/** One operator of a graph. */
export interface OnnxNode {
  /** As in the file; often empty. */
  readonly name: string
  readonly opType: string
  /** Empty for the standard operators. */
  readonly domain: string
  /** Value names; an empty name is an omitted optional input. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, OnnxAttribute>
}

/** A dimension: a size, a symbol such as `batch`, or undefined when nothing is said. */
export type OnnxDim = number | string | undefined

/** What a file declares about a value. */
export interface OnnxValueInfo {
  readonly name: string
  /** `undefined` also for values that are no dense tensors (sequences, maps). */
  readonly elementType: OnnxElementType
  /** Absent when the rank is unknown. */
  readonly dims?: readonly OnnxDim[]
}

export interface OnnxGraph {
  readonly name: string
  /** In file order, which the format demands to be topological. */
  readonly nodes: readonly OnnxNode[]
  readonly initializers: ReadonlyMap<string, OnnxTensor>
  /** Declared inputs; old files list the initializers here too. */
  readonly inputs: readonly OnnxValueInfo[]
  readonly outputs: readonly OnnxValueInfo[]
  /** Declared intermediate values, by name. */
  readonly valueInfo: ReadonlyMap<string, OnnxValueInfo>
}

/** An ONNX model without its weights. */
export interface OnnxModel {
  readonly kind: 'onnx-model'
  /** The file it was read from, for messages. */
  readonly file: string
  readonly irVersion: number
  readonly producer: string
  /** Version of each operator set, by domain; the standard one is `''`. */
  readonly opsets: ReadonlyMap<string, number>
  readonly graph: OnnxGraph
  /** Model-local functions, by name; their bodies are not read. */
  readonly functions: readonly string[]
}

/** Inputs that a caller must feed: declared inputs that are not initializers. */
export function fedInputs(graph: OnnxGraph): readonly OnnxValueInfo[] {
  return graph.inputs.filter((input) => !graph.initializers.has(input.name))
}

/** A name for messages: the node's own, else its first output. */
export function nodeLabel(node: OnnxNode): string {
  return node.name !== '' ? node.name : (node.outputs.find((name) => name !== '') ?? '(unnamed)')
}
