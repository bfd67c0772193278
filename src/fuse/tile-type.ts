/**
 * One axis of a tile: columns (or rows) of every feature map that the tile touches. Arrays run over the nodes of the
 * stack, `source` arrays over its sources.
 */
export interface AxisTile {
  /** New output of each node; 0 when the tile before made all that is needed. */
  readonly out: readonly number[]
  /** Newly read part of each source. */
  readonly source: readonly number[]
  /** Per node and operand: all stored input used. */
  readonly input: readonly (readonly number[])[]
  /** Per node and operand: of these, taken from the cache. */
  readonly reused: readonly (readonly number[])[]
  /** Per node: new output written to the cache for the next tile. */
  readonly kept: readonly number[]
  /** Per source: new input written to the cache for the next tile. */
  readonly sourceKept: readonly number[]
  /** Zero padding that each node adds before and after its stored input. */
  readonly padBefore: readonly number[]
  readonly padAfter: readonly number[]
}

/** Where the data of a stack live that outlast a layer; memory indices of the accelerator. */
export interface TileHomes {
  readonly readColumns?: number
  readonly keepColumns?: number
  readonly readRows?: number
  readonly keepRows?: number
  /** Level of the weight operand from which this tile takes its weights. */
  readonly weightLevel: number
}

/** Tiles that cost the same: evaluated once, counted. */
export interface TileType {
  readonly count: number
  /** Output size of the tile. */
  readonly width: number
  readonly height: number
  readonly x: AxisTile
  readonly y: AxisTile
  readonly homes: TileHomes
  /** Bits per memory that this stack keeps occupied while the tile runs: caches and other layers' weights. */
  readonly reservedBits: readonly number[]
  /** Largest sum of live feature maps while the tile runs. */
  readonly peakBits: number
}
