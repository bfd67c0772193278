/**
 * Eyeriss V2 (Chen et al. 2019) as its public re-implementations and the Dysta traces size it (specification §A.1):
 * 8×2 clusters of 3×4 processing elements, 200 MHz, 8-bit operands.
 */
export interface EyerissMachine {
  /** Clusters, and processing elements of one cluster as rows × columns. */
  readonly clusters: number
  readonly rows: number
  readonly columns: number
  readonly clockMhz: number
  /** Entries of the scratchpads of one processing element. */
  readonly activationEntries: number
  readonly weightEntries: number
  readonly sumEntries: number
  /** Cycles per pair of non-zero operands: two to read the weight word, one multiply, one write-back. */
  readonly cyclesPerMac: number
  /** Cycles per non-zero activation: read it, read the address of its weights. */
  readonly cyclesPerActivation: number
  /** Cycles per activation address, zero or not. */
  readonly cyclesPerAddress: number
  /** Activation buffers of all clusters together. */
  readonly activationBufferBytes: number
  readonly dramBytesPerCycle: number
  /** Bits per compressed non-zero: 8 data, 4 run length. */
  readonly compressedBits: number
}

export const eyerissV2: EyerissMachine = Object.freeze({
  clusters: 16,
  rows: 3,
  columns: 4,
  clockMhz: 200,
  activationEntries: 16,
  weightEntries: 192,
  sumEntries: 32,
  cyclesPerMac: 4,
  cyclesPerActivation: 2,
  cyclesPerAddress: 1,
  activationBufferBytes: 16 * 12_000,
  // 25 600 MB/s at 200 MHz.
  dramBytesPerCycle: 128,
  compressedBits: 12,
})
