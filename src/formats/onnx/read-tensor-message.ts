import { InputError } from '../../base/index.js'
import {
  onnxElementTypes,
  type OnnxElementType,
  type OnnxStorage,
  type OnnxTensor,
} from '../../model/index.js'
import type { ByteSource } from './byte-source.js'
import { elementBytes, elementReader } from './element-types.js'
import { decodeFields } from './tensor-fields.js'
import type { WireReader } from './wire-reader.js'

/** Constants up to this size are read at once: shape inference needs them. */
export const SMALL_BYTES = 4096

/** Reads a TensorProto: what it is, where its elements are, and the elements of a small constant. */
export function readTensorMessage(reader: WireReader, source: ByteSource): OnnxTensor {
  const dims: number[] = []
  const external = new Map<string, string>()
  let name = ''
  let elementType: OnnxElementType = 'undefined'
  let raw: { offset: number; byteLength: number } | undefined
  let isExternal = false
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        reader.repeated((each) => dims.push(each.int64()))
        break
      case 2:
        elementType = onnxElementTypes[reader.varint()] ?? 'undefined'
        break
      case 8:
        name = reader.string()
        break
      case 9:
        raw = reader.range()
        break
      case 13: {
        const entry = reader.message()
        let key = ''
        let value = ''
        while (entry.next()) {
          if (entry.field === 1) key = entry.string()
          else if (entry.field === 2) value = entry.string()
          else entry.skip()
        }
        external.set(key, value)
        break
      }
      case 14:
        isExternal = reader.varint() === 1
        break
      default:
        reader.skip()
    }
  }
  if (dims.some((dim) => dim < 0)) reader.fail(`tensor "${name}" has a negative dimension`)
  const storage: OnnxStorage = isExternal
    ? externalStorage(name, external, source.name)
    : raw === undefined
      ? { kind: 'fields', ...reader.extent }
      : { kind: 'raw', ...raw }
  checkSize(name, dims, elementType, storage, source.name)
  const values = smallValues(dims, elementType, storage, source)
  return { name, elementType, dims, storage, ...(values === undefined ? {} : { values }) }
}

function externalStorage(
  name: string,
  entries: ReadonlyMap<string, string>,
  file: string,
): OnnxStorage {
  const location = entries.get('location')
  const offset = Number(entries.get('offset') ?? 0)
  const length = entries.get('length')
  if (!location || !(offset >= 0) || (length !== undefined && !(Number(length) >= 0))) {
    throw new InputError({
      code: 'E-ONNX-004',
      at: { file },
      message: `tensor "${name}" is stored in another file, but location, offset or length is missing or wrong`,
    })
  }
  return {
    kind: 'external',
    location,
    offset,
    ...(length === undefined ? {} : { byteLength: Number(length) }),
  }
}

/** Number of elements of a tensor. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1)
}

function checkSize(
  name: string,
  dims: readonly number[],
  type: OnnxElementType,
  storage: OnnxStorage,
  file: string,
): void {
  const each = elementBytes(type)
  if (each === undefined || storage.kind === 'fields' || storage.byteLength === undefined) return
  const expected = Math.ceil(elementCount(dims) * each)
  if (storage.byteLength !== expected) {
    throw new InputError({
      code: 'E-ONNX-005',
      at: { file },
      message: `tensor "${name}" [${dims.join(', ')}] of ${type} needs ${expected} bytes, the file stores ${storage.byteLength}`,
    })
  }
}

function smallValues(
  dims: readonly number[],
  type: OnnxElementType,
  storage: OnnxStorage,
  source: ByteSource,
): number[] | undefined {
  const each = elementBytes(type)
  const count = elementCount(dims)
  if (each === undefined || count * each > SMALL_BYTES) return undefined
  if (storage.kind === 'fields') {
    if (storage.byteLength > 4 * SMALL_BYTES) return undefined
    const values = decodeFields(source, storage, type, count)
    return values && Array.from(values)
  }
  if (storage.kind !== 'raw') return undefined
  const read = elementReader(type, source.read(storage.offset, storage.byteLength))
  return read && Array.from({ length: count }, (_, i) => read(i))
}
