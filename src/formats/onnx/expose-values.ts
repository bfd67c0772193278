import type { OnnxModel } from '../../model/index.js'
import type { ByteSource } from './byte-source.js'
import { WireWriter } from './wire-writer.js'

/**
 * The bytes of a model in which further intermediate values are graph outputs, so that a runtime returns them.
 *
 * Protobuf merges an embedded message that occurs twice, and concatenates its repeated fields. So the edit is a second
 * `graph` field behind the file's own bytes that holds nothing but the new outputs (names suffice: their type and shape
 * are inferred): no length is rewritten and the file is read exactly once, into its final place.
 */
export function exposeValues(
  source: ByteSource,
  model: OnnxModel,
  names: readonly string[],
): Uint8Array {
  const declared = new Set(model.graph.outputs.map((output) => output.name))
  const tail = new WireWriter()
  tail.message(7, (graph) => {
    for (const name of names) {
      if (!declared.has(name)) graph.message(12, (value) => value.string(1, name))
    }
  })
  const extra = tail.finish()
  const bytes = new Uint8Array(source.byteLength + extra.byteLength)
  const piece = 1 << 22
  for (let offset = 0; offset < source.byteLength; offset += piece) {
    bytes.set(source.read(offset, Math.min(piece, source.byteLength - offset)), offset)
  }
  bytes.set(extra, source.byteLength)
  return bytes
}
