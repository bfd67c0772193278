/** A file that holds weights, read in pieces. */
export interface WeightFile {
  readonly byteLength: number
  /** Fills `target` with the bytes from `offset`. */
  readInto(target: Uint8Array, offset: number): void
}

/** A weight file as onnxruntime-web takes it: a byte array that it cuts tensors out of. */
export interface MountedWeights {
  readonly data: Uint8Array
  /** Bytes that were cut out so far. */
  bytesRead(): number
}

/**
 * A byte array that is not in memory: `subarray` reads the wanted range into one buffer that all tensors share. The
 * runtime copies each tensor into its own memory as soon as it has cut it out, so the weights exist there and nowhere
 * else. Valid for a runtime that looks at `byteLength` and `subarray` only: whoever mounts it must check `bytesRead`.
 */
export function mountedWeights(file: WeightFile): MountedWeights {
  let shared = new Uint8Array(0)
  let bytesRead = 0
  const subarray = (from = 0, to = file.byteLength): Uint8Array => {
    const length = Math.max(0, to - from)
    if (shared.length < length) shared = new Uint8Array(length)
    const piece = shared.subarray(0, length)
    file.readInto(piece, from)
    bytesRead += length
    return piece
  }
  const data = Object.defineProperties(new Uint8Array(0), {
    byteLength: { value: file.byteLength },
    subarray: { value: subarray },
  })
  return { data, bytesRead: () => bytesRead }
}

/** The whole file in memory. */
export function loadedWeights(file: WeightFile): Uint8Array {
  const bytes = new Uint8Array(file.byteLength)
  file.readInto(bytes, 0)
  return bytes
}
