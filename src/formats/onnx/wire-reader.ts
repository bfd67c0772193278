import { InputError } from '../../base/index.js'
import type { ByteSource } from './byte-source.js'

/** How a field's value is written (protobuf encoding). */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

const WINDOW_BYTES = 65536
const decoder = new TextDecoder('utf-8')

/** A sliding view of a source: consecutive small reads cost one read of the source per 64 KB. */
class Window {
  readonly source: ByteSource
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  private readonly limit: number

  constructor(source: ByteSource, limit: number) {
    this.source = source
    this.limit = limit
  }

  /** Makes `length` ≤ 64 KB bytes at `offset` available and returns their index in `bytes`. */
  at(offset: number, length: number): number {
    if (offset < this.start || offset + length > this.start + this.bytes.byteLength) {
      this.start = offset
      this.bytes = this.source.read(offset, Math.min(WINDOW_BYTES, this.limit - offset))
    }
    return offset - this.start
  }
}

/**
 * Walks the fields of one protobuf message without loading what is skipped.
 *
 * `while (r.next()) switch (r.field) { case 1: name = r.string(); break; default: r.skip() }`
 * @throws InputError (E-ONNX-001) with the byte position where the encoding breaks
 */
export class WireReader {
  field = 0
  wireType = 0
  private position: number
  private readonly start: number
  private readonly end: number
  private readonly window: Window

  private constructor(window: Window, start: number, end: number) {
    this.window = window
    this.start = start
    this.position = start
    this.end = end
  }

  /** A reader over a range of a source; by default all of it. */
  static over(source: ByteSource, offset = 0, byteLength = source.byteLength - offset): WireReader {
    const end = offset + byteLength
    return new WireReader(new Window(source, end), offset, end)
  }

  /** The range of the source that this message occupies. */
  get extent(): { readonly offset: number; readonly byteLength: number } {
    return { offset: this.start, byteLength: this.end - this.start }
  }

  /** Advances to the next field; false at the end of the message. The field's value must then be read or skipped. */
  next(): boolean {
    if (this.position >= this.end) return false
    const tag = this.varint()
    this.field = Math.floor(tag / 8)
    this.wireType = tag % 8
    if (this.field === 0) this.fail('field number 0')
    if (![0, 1, 2, 5].includes(this.wireType)) this.fail(`unknown wire type ${this.wireType}`)
    return true
  }

  /** Unsigned varint as a double; exact below 2^53. */
  varint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < 10; i++) {
      if (this.position >= this.end) this.fail('the file ends inside a number')
      const at = this.window.at(this.position, 1)
      const byte = this.window.bytes[at]
      this.position++
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
    return this.fail('a number of more than 10 bytes')
  }

  /** Signed 64-bit varint as a double; exact within ±2^53. */
  int64(): number {
    let low = 0n
    let shift = 0n
    let small = 0
    let scale = 1
    for (let i = 0; i < 10; i++) {
      if (this.position >= this.end) this.fail('the file ends inside a number')
      const byte = this.window.bytes[this.window.at(this.position, 1)]
      this.position++
      if (i < 7) small += (byte & 127) * scale
      scale *= 128
      low |= BigInt(byte & 127) << shift
      shift += 7n
      // Seven bytes hold 49 bits: a non-negative number that needs no 64-bit arithmetic.
      if (byte < 128) return i < 7 ? small : Number(BigInt.asIntN(64, low))
    }
    return this.fail('a number of more than 10 bytes')
  }

  float32(): number {
    return this.fixed(4).getFloat32(0, true)
  }

  float64(): number {
    return this.fixed(8).getFloat64(0, true)
  }

  string(): string {
    return decoder.decode(this.bytes())
  }

  /** A copy of a length-delimited value. */
  bytes(): Uint8Array {
    const { offset, byteLength } = this.range()
    return this.window.source.read(offset, byteLength).slice()
  }

  /** Position of a length-delimited value, without reading it. */
  range(): { offset: number; byteLength: number } {
    if (this.wireType !== wireTypes.bytes) this.fail(`field ${this.field} is not length-delimited`)
    const byteLength = this.varint()
    const offset = this.position
    if (offset + byteLength > this.end) {
      this.fail(`a field of ${byteLength} bytes, but only ${this.end - offset} are left`)
    }
    this.position = offset + byteLength
    return { offset, byteLength }
  }

  /** A reader over an embedded message. */
  message(): WireReader {
    const { offset, byteLength } = this.range()
    return new WireReader(this.window, offset, offset + byteLength)
  }

  skip(): void {
    if (this.wireType === wireTypes.varint) this.varint()
    else if (this.wireType === wireTypes.bytes) this.range()
    else this.fixed(this.wireType === wireTypes.fixed32 ? 4 : 8)
  }

  /** Calls `take` once per element of a repeated scalar field, packed or not. */
  repeated(take: (reader: WireReader) => void): void {
    if (this.wireType !== wireTypes.bytes) {
      take(this)
      return
    }
    const packed = this.message()
    while (packed.position < packed.end) take(packed)
  }

  fail(what: string): never {
    throw new InputError({
      code: 'E-ONNX-001',
      at: { file: this.window.source.name },
      message: `not a readable ONNX model: ${what} at byte ${this.position}`,
      hint: 'the file is damaged, cut short, or not ONNX (an LFS pointer or an HTML page saved instead?)',
    })
  }

  private fixed(byteLength: number): DataView {
    if (this.position + byteLength > this.end) this.fail('the file ends inside a number')
    const at = this.window.at(this.position, byteLength)
    this.position += byteLength
    const { buffer, byteOffset } = this.window.bytes
    return new DataView(buffer, byteOffset + at, byteLength)
  }
}
