import { InputError } from '../../base/index.js'
import type { OnnxTensor } from '../../model/index.js'
import type { ByteSource, ExternalFiles } from './byte-source.js'
import { elementBytes, elementReader } from './element-types.js'
import { elementCount } from './read-tensor-message.js'
import { decodeFields } from './tensor-fields.js'

/** Elements decoded per read of a large tensor. */
const CHUNK_ELEMENTS = 1 << 16

/**
 * Calls `take` with consecutive pieces of a tensor's elements in row-major order, so that a large tensor is never in
 * memory as a whole. `start` is the index of the piece's first element. A piece is valid during its call only: the next
 * one is read into the same memory.
 * @throws InputError E-ONNX-006 when the external file is missing or too short, E-ONNX-007 for elements that are not numbers
 */
export function readTensorPieces(
  source: ByteSource,
  external: ExternalFiles,
  tensor: OnnxTensor,
  take: (values: Float32Array | Float64Array, start: number) => void,
): void {
  const count = elementCount(tensor.dims)
  const exact = tensor.elementType === 'float' || tensor.elementType === 'float16'
  const make = (length: number): Float32Array | Float64Array =>
    exact ? new Float32Array(length) : new Float64Array(length)
  if (tensor.storage.kind === 'fields') {
    const values = decodeFields(source, tensor.storage, tensor.elementType, count)
    if (values === undefined) return notNumbers(source, tensor)
    take(exact ? Float32Array.from(values) : values, 0)
    return
  }
  const { data, offset } = locate(source, external, tensor)
  const each = elementBytes(tensor.elementType)
  if (each === undefined) return notNumbers(source, tensor)
  const most = Math.min(CHUNK_ELEMENTS, count)
  const bytes = new Uint8Array(Math.ceil(most * each))
  const read = elementReader(tensor.elementType, bytes)
  if (read === undefined) return notNumbers(source, tensor)
  const values = make(most)
  for (let start = 0; start < count; start += most) {
    const length = Math.min(most, count - start)
    data.readInto(bytes.subarray(0, Math.ceil(length * each)), offset + start * each)
    for (let i = 0; i < length; i++) values[i] = read(i)
    take(values.subarray(0, length), start)
  }
}

/** All elements of a tensor, row-major: 32-bit floats for `float` and `float16`, doubles otherwise. */
export function readTensor(
  source: ByteSource,
  external: ExternalFiles,
  tensor: OnnxTensor,
): Float32Array | Float64Array {
  const count = elementCount(tensor.dims)
  let all: Float32Array | Float64Array = new Float32Array(0)
  readTensorPieces(source, external, tensor, (values, start) => {
    if (start === 0) {
      all = values instanceof Float32Array ? new Float32Array(count) : new Float64Array(count)
    }
    all.set(values, start)
  })
  return all
}

/** The source that holds a tensor's raw bytes, and where they begin in it. */
export function locate(
  source: ByteSource,
  external: ExternalFiles,
  tensor: OnnxTensor,
): { readonly data: ByteSource; readonly offset: number } {
  const { storage } = tensor
  if (storage.kind !== 'external') return { data: source, offset: storage.offset }
  const data = external(storage.location)
  const needed = Math.ceil(elementCount(tensor.dims) * (elementBytes(tensor.elementType) ?? 0))
  if (data === undefined) {
    throw new InputError({
      code: 'E-ONNX-006',
      at: { file: source.name },
      message: `the weights of "${tensor.name}" are in the file "${storage.location}", which is missing`,
      hint: 'put that file beside the model, or export the model with its weights inside',
    })
  }
  if (storage.offset + needed > data.byteLength) {
    throw new InputError({
      code: 'E-ONNX-006',
      at: { file: data.name },
      message: `the weights of "${tensor.name}" need bytes ${storage.offset} to ${storage.offset + needed}, the file ends at ${data.byteLength}`,
    })
  }
  return { data, offset: storage.offset }
}

function notNumbers(source: ByteSource, tensor: OnnxTensor): never {
  throw new InputError({
    code: 'E-ONNX-007',
    at: { file: source.name },
    message: `cannot read the elements of "${tensor.name}" (${tensor.elementType}, [${tensor.dims.join(', ')}]) as numbers`,
  })
}
