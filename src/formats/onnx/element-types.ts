import { halfToNumber } from '../../base/index.js'
import type { OnnxElementType } from '../../model/index.js'

/** Bytes per element in raw storage; 0.5 for 4-bit types (two per byte, low half first); undefined for strings. */
export function elementBytes(type: OnnxElementType): number | undefined {
  switch (type) {
    case 'uint8':
    case 'int8':
    case 'bool':
    case 'float8e4m3fn':
    case 'float8e4m3fnuz':
    case 'float8e5m2':
    case 'float8e5m2fnuz':
      return 1
    case 'uint16':
    case 'int16':
    case 'float16':
    case 'bfloat16':
      return 2
    case 'float':
    case 'int32':
    case 'uint32':
      return 4
    case 'int64':
    case 'uint64':
    case 'double':
    case 'complex64':
      return 8
    case 'complex128':
      return 16
    case 'uint4':
    case 'int4':
    case 'float4e2m1':
      return 0.5
    case 'undefined':
    case 'string':
      return undefined
  }
}

/** A function that reads element `i` of raw little-endian bytes; undefined for types that hold no plain number. */
export function elementReader(
  type: OnnxElementType,
  bytes: Uint8Array,
): ((i: number) => number) | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (type) {
    case 'float':
      return (i) => view.getFloat32(4 * i, true)
    case 'double':
      return (i) => view.getFloat64(8 * i, true)
    case 'float16':
      return (i) => halfToNumber(view.getUint16(2 * i, true))
    case 'bfloat16': {
      const word = new DataView(new ArrayBuffer(4))
      return (i) => {
        word.setUint32(0, view.getUint16(2 * i, true) << 16)
        return word.getFloat32(0)
      }
    }
    case 'uint8':
    case 'bool':
      return (i) => bytes[i]
    case 'int8':
      return (i) => view.getInt8(i)
    case 'uint16':
      return (i) => view.getUint16(2 * i, true)
    case 'int16':
      return (i) => view.getInt16(2 * i, true)
    case 'int32':
      return (i) => view.getInt32(4 * i, true)
    case 'uint32':
      return (i) => view.getUint32(4 * i, true)
    case 'int64':
      return (i) => Number(view.getBigInt64(8 * i, true))
    case 'uint64':
      return (i) => Number(view.getBigUint64(8 * i, true))
    case 'uint4':
      return (i) => (bytes[i >> 1] >> (4 * (i & 1))) & 15
    case 'int4':
      return (i) => (((bytes[i >> 1] >> (4 * (i & 1))) & 15) ^ 8) - 8
    case 'undefined':
    case 'string':
    case 'complex64':
    case 'complex128':
    case 'float8e4m3fn':
    case 'float8e4m3fnuz':
    case 'float8e5m2':
    case 'float8e5m2fnuz':
    case 'float4e2m1':
      return undefined
  }
}
