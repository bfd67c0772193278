import { halfToNumber } from '../../base/index.js'
import type { OnnxElementType } from '../../model/index.js'
import type { ByteSource } from './byte-source.js'
import { WireReader, wireTypes } from './wire-reader.js'

/**
 * Elements of a tensor kept in typed fields of its message: float_data 4, int32_data 5 (also the 8- and 16-bit types,
 * halves as bit patterns), int64_data 7, double_data 10, uint64_data 11. Undefined when they are not numbers or their
 * count is wrong.
 */
export function decodeFields(
  source: ByteSource,
  range: { readonly offset: number; readonly byteLength: number },
  type: OnnxElementType,
  count: number,
): Float64Array | undefined {
  // An element takes a byte at least: a wrong shape must not reserve memory for elements that cannot be there.
  if (count > range.byteLength) return undefined
  const reader = WireReader.over(source, range.offset, range.byteLength)
  const values = new Float64Array(count)
  let at = 0
  const word = new DataView(new ArrayBuffer(4))
  const fromInt32 = (bits: number): number => {
    if (type === 'float16') return halfToNumber(bits)
    if (type !== 'bfloat16') return bits
    word.setUint32(0, (bits & 0xffff) << 16)
    return word.getFloat32(0)
  }
  while (reader.next()) {
    switch (reader.field) {
      case 4:
        reader.repeated((each) => (values[at++] = each.float32()))
        break
      case 5:
        reader.repeated((each) => (values[at++] = fromInt32(each.int64())))
        break
      case 7:
      case 11:
        reader.repeated((each) => (values[at++] = each.int64()))
        break
      case 10:
        reader.repeated((each) => (values[at++] = each.float64()))
        break
      default:
        reader.skip()
    }
  }
  return at === count ? values : undefined
}

/** Where the 32-bit floats of a tensor's message lie, when they are packed in one piece: the same bytes as raw elements. */
export function packedFloats(
  source: ByteSource,
  range: { readonly offset: number; readonly byteLength: number },
): { readonly offset: number; readonly byteLength: number } | undefined {
  const reader = WireReader.over(source, range.offset, range.byteLength)
  let packed: { readonly offset: number; readonly byteLength: number } | undefined
  while (reader.next()) {
    if (reader.field !== 4 || reader.wireType !== wireTypes.bytes) reader.skip()
    else if (packed === undefined) packed = reader.range()
    else return undefined
  }
  return packed
}
