import type { OnnxModel, OnnxTensor } from '../../model/index.js'
import type { ByteSource, ExternalFiles } from './byte-source.js'
import { elementBytes } from './element-types.js'
import { elementCount, readTensorMessage, SMALL_BYTES } from './read-tensor-message.js'
import { packedFloats } from './tensor-fields.js'
import { WireReader, wireTypes } from './wire-reader.js'
import { WireWriter } from './wire-writer.js'
import { writeTensorReference } from './write-onnx.js'

/** A model as a runtime is given it: a graph of a few kilobytes, and files that its weights are read from when wanted. */
export interface DetachedModel {
  readonly bytes: Uint8Array
  /** Files that hold weights, by the location that `bytes` names; the model's own file is one of them. */
  readonly files: ReadonlyMap<string, ByteSource>
  /** Bytes that a runtime has to read from them: the weights that nodes of the graph itself use. */
  readonly weightBytes: number
}

/**
 * Rewrites a model so that its weights stay where they are and further intermediate values are graph outputs. Large
 * initializers become references to the ranges of the model's own file that hold their elements; everything else is
 * copied. Tensors inside nodes and sub-graphs stay inside.
 * @param outputs values that a runtime shall return besides the declared outputs
 */
export function detachWeights(
  source: ByteSource,
  external: ExternalFiles,
  model: OnnxModel,
  outputs: readonly string[],
): DetachedModel {
  const { initializers, nodes } = model.graph
  const files = new Map<string, ByteSource>()
  for (const { storage } of initializers.values()) {
    if (storage.kind !== 'external' || files.has(storage.location)) continue
    const file = external(storage.location)
    if (file !== undefined) files.set(storage.location, file)
  }
  let location = 'weights'
  while (files.has(location)) location += '_'
  files.set(location, source)

  const used = new Set(nodes.flatMap((node) => node.inputs))
  let weightBytes = 0
  const count = (tensor: OnnxTensor, byteLength: number): void => {
    if (used.has(tensor.name)) weightBytes += byteLength
  }
  const writer = new WireWriter()
  copyFields(WireReader.over(source), source, writer, (reader) => {
    if (reader.field !== 7) return false
    writer.message(7, (graph) => {
      copyFields(reader.message(), source, graph, (fields) => {
        if (fields.field !== 5) return false
        const { offset, byteLength } = fields.range()
        const tensor = readTensorMessage(WireReader.over(source, offset, byteLength), source)
        const range = rawRange(source, tensor)
        if (tensor.storage.kind === 'external') count(tensor, bytesOf(tensor))
        if (range === undefined || range.byteLength <= SMALL_BYTES) {
          graph.bytes(5, source.read(offset, byteLength))
        } else {
          count(tensor, range.byteLength)
          graph.message(5, (w) => writeTensorReference(w, tensor, { location, ...range }))
        }
        return true
      })
    })
    return true
  })
  // The graph field may occur again: the format merges its parts.
  const declared = new Set(model.graph.outputs.map((output) => output.name))
  writer.message(7, (graph) => {
    for (const name of outputs) {
      if (!declared.has(name)) graph.message(12, (value) => value.string(1, name))
    }
  })
  return { bytes: writer.finish(), files, weightBytes }
}

/** Copies the fields of a message that `replace` does not take. */
function copyFields(
  reader: WireReader,
  source: ByteSource,
  writer: WireWriter,
  replace: (reader: WireReader) => boolean,
): void {
  while (reader.next()) {
    if (replace(reader)) continue
    if (reader.wireType === wireTypes.varint) {
      writer.varint(reader.field, reader.int64())
    } else if (reader.wireType === wireTypes.bytes) {
      const { offset, byteLength } = reader.range()
      writer.bytes(reader.field, source.read(offset, byteLength))
    } else {
      // Neither models nor graphs have fixed-width fields.
      reader.skip()
    }
  }
}

/** Where the elements of a tensor lie in the model's file in one piece; undefined when they do not. */
function rawRange(
  source: ByteSource,
  tensor: OnnxTensor,
): { readonly offset: number; readonly byteLength: number } | undefined {
  const { storage } = tensor
  if (storage.kind === 'raw') return storage
  if (storage.kind === 'external' || tensor.elementType !== 'float') return undefined
  const packed = packedFloats(source, storage)
  return packed?.byteLength === bytesOf(tensor) ? packed : undefined
}

function bytesOf(tensor: OnnxTensor): number {
  return Math.ceil(elementCount(tensor.dims) * (elementBytes(tensor.elementType) ?? 0))
}
