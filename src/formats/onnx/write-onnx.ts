import {
  onnxElementTypes,
  type OnnxDim,
  type OnnxElementType,
  type OnnxTensor,
} from '../../model/index.js'
import { WireWriter } from './wire-writer.js'

/** A constant to be written, its elements row-major. Integer tensors take whole numbers. */
export interface TensorDraft {
  readonly name: string
  readonly elementType: 'float' | 'double' | 'int64' | 'int32' | 'uint8' | 'int8' | 'bool'
  readonly dims: readonly number[]
  readonly values: ArrayLike<number>
  /** Write a reference to bytes of another file instead of the elements. */
  readonly external?: {
    readonly location: string
    readonly offset: number
    readonly byteLength: number
  }
}

export type AttributeDraft =
  | { readonly int: number | bigint }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly (number | bigint)[] }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorDraft }

export interface NodeDraft {
  readonly name?: string
  readonly opType: string
  readonly domain?: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, AttributeDraft>>
}

export interface ValueDraft {
  readonly name: string
  readonly elementType?: OnnxElementType
  /** Absent: unknown rank. */
  readonly dims?: readonly OnnxDim[]
}

/** A model to be written. */
export interface ModelDraft {
  readonly name: string
  readonly opset: number
  /** Format version; by default 8, which every operator set up to 17 allows. */
  readonly irVersion?: number
  /** Further operator sets, by domain. */
  readonly domains?: Readonly<Record<string, number>>
  readonly nodes: readonly NodeDraft[]
  readonly initializers?: readonly TensorDraft[]
  readonly inputs: readonly ValueDraft[]
  readonly outputs: readonly ValueDraft[]
  readonly valueInfo?: readonly ValueDraft[]
}

/** Encodes a model as ONNX; the same draft gives the same bytes. */
export function writeOnnx(model: ModelDraft): Uint8Array {
  const writer = new WireWriter()
  writer.varint(1, model.irVersion ?? 8).string(2, 'heddle')
  writer.message(7, (graph) => {
    for (const node of model.nodes) graph.message(1, (w) => writeNode(w, node))
    graph.string(2, model.name)
    for (const tensor of model.initializers ?? []) graph.message(5, (w) => writeTensor(w, tensor))
    for (const value of model.inputs) graph.message(11, (w) => writeValue(w, value))
    for (const value of model.outputs) graph.message(12, (w) => writeValue(w, value))
    for (const value of model.valueInfo ?? []) graph.message(13, (w) => writeValue(w, value))
  })
  writer.message(8, (w) => w.string(1, '').varint(2, model.opset))
  for (const [domain, version] of Object.entries(model.domains ?? {})) {
    writer.message(8, (w) => w.string(1, domain).varint(2, version))
  }
  return writer.finish()
}

/** Little-endian bytes of a tensor's elements. */
export function tensorBytes(tensor: Pick<TensorDraft, 'elementType' | 'values'>): Uint8Array {
  const { elementType, values } = tensor
  switch (elementType) {
    case 'float':
      return bytesOf(Float32Array.from(values))
    case 'double':
      return bytesOf(Float64Array.from(values))
    case 'int32':
      return bytesOf(Int32Array.from(values))
    case 'int64':
      return bytesOf(BigInt64Array.from(Array.from(values), (value) => BigInt(value)))
    case 'int8':
      return bytesOf(Int8Array.from(values))
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values)
  }
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

function writeTensor(writer: WireWriter, tensor: TensorDraft): void {
  if (tensor.external !== undefined) {
    writeTensorReference(writer, tensor, tensor.external)
    return
  }
  writeTensorHead(writer, tensor)
  writer.bytes(9, tensorBytes(tensor))
}

/** A tensor whose elements are bytes of another file. */
export function writeTensorReference(
  writer: WireWriter,
  tensor: TensorHead,
  at: { readonly location: string; readonly offset: number; readonly byteLength: number },
): void {
  writeTensorHead(writer, tensor)
  const entries = {
    location: at.location,
    offset: String(at.offset),
    length: String(at.byteLength),
  }
  for (const [key, value] of Object.entries(entries)) {
    writer.message(13, (w) => w.string(1, key).string(2, value))
  }
  writer.varint(14, 1)
}

type TensorHead = Pick<OnnxTensor, 'name' | 'elementType' | 'dims'>

function writeTensorHead(writer: WireWriter, { name, elementType, dims }: TensorHead): void {
  for (const dim of dims) writer.varint(1, dim)
  writer.varint(2, onnxElementTypes.indexOf(elementType)).string(8, name)
}

function writeNode(writer: WireWriter, node: NodeDraft): void {
  for (const input of node.inputs) writer.string(1, input)
  for (const output of node.outputs) writer.string(2, output)
  if (node.name !== undefined) writer.string(3, node.name)
  writer.string(4, node.opType)
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    writer.message(5, (w) => writeAttribute(w.string(1, name), value))
  }
  if (node.domain !== undefined) writer.string(7, node.domain)
}

function writeAttribute(writer: WireWriter, value: AttributeDraft): void {
  if ('float' in value) writer.float32(2, value.float).varint(20, 1)
  else if ('int' in value) writer.varint(3, value.int).varint(20, 2)
  else if ('string' in value) writer.string(4, value.string).varint(20, 3)
  else if ('tensor' in value) {
    writer.message(5, (w) => writeTensor(w, value.tensor)).varint(20, 4)
  } else if ('floats' in value) {
    for (const each of value.floats) writer.float32(7, each)
    writer.varint(20, 6)
  } else {
    for (const each of value.ints) writer.varint(8, each)
    writer.varint(20, 7)
  }
}

function writeValue(writer: WireWriter, value: ValueDraft): void {
  writer.string(1, value.name)
  if (value.elementType === undefined) return
  const type = onnxElementTypes.indexOf(value.elementType)
  writer.message(2, (typeProto) =>
    typeProto.message(1, (tensor) => {
      tensor.varint(1, type)
      const { dims } = value
      if (dims === undefined) return
      tensor.message(2, (shape) => {
        for (const dim of dims) {
          shape.message(1, (w) => {
            if (typeof dim === 'number') w.varint(1, dim)
            else if (typeof dim === 'string') w.string(2, dim)
          })
        }
      })
    }),
  )
}
