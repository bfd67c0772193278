import { wireTypes } from './wire-reader.js'

const encoder = new TextEncoder()

/** Writes protobuf fields into a growing buffer. Fields holding a default value are written too: readers accept both. */
export class WireWriter {
  private buffer = new Uint8Array(256)
  private length = 0

  varint(field: number, value: number | bigint): this {
    this.number(field * 8 + wireTypes.varint)
    this.number(value)
    return this
  }

  float32(field: number, value: number): this {
    this.number(field * 8 + wireTypes.fixed32)
    this.reserve(4)
    new DataView(this.buffer.buffer).setFloat32(this.length, value, true)
    this.length += 4
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.number(field * 8 + wireTypes.bytes)
    this.number(value.byteLength)
    this.reserve(value.byteLength)
    this.buffer.set(value, this.length)
    this.length += value.byteLength
    return this
  }

  string(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value))
  }

  /** An embedded message. */
  message(field: number, fill: (writer: WireWriter) => void): this {
    const inner = new WireWriter()
    fill(inner)
    return this.bytes(field, inner.finish())
  }

  finish(): Uint8Array {
    return this.buffer.slice(0, this.length)
  }

  private number(value: number | bigint): void {
    let rest = BigInt.asUintN(64, BigInt(value))
    this.reserve(10)
    while (rest >= 128n) {
      this.buffer[this.length++] = Number(rest & 127n) | 128
      rest >>= 7n
    }
    this.buffer[this.length++] = Number(rest)
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return
    const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + bytes))
    larger.set(this.buffer.subarray(0, this.length))
    this.buffer = larger
  }
}
