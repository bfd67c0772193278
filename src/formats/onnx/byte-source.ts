/** Bytes that can be read in pieces: a file on disk, a buffer, a download. Reads are synchronous. */
export interface ByteSource {
  /** For messages. */
  readonly name: string
  readonly byteLength: number
  /** Exactly `length` bytes from `offset`; the caller stays inside the source. May share memory: do not write to it. */
  read(offset: number, length: number): Uint8Array
  /** Fills `target` from `offset`: for buffers that are used again. */
  readInto(target: Uint8Array, offset: number): void
}

/** Finds the file that an external tensor names, relative to its model; undefined when there is none. */
export type ExternalFiles = (location: string) => ByteSource | undefined

/** A source over bytes already in memory. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    byteLength: bytes.byteLength,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    readInto: (target, offset) => target.set(bytes.subarray(offset, offset + target.length)),
  }
}

/** No external files: every tensor stored outside the model is missing. */
export const noExternalFiles: ExternalFiles = () => undefined
