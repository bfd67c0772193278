import {
  publishedConventions,
  standardConventions,
  type HierarchicalConventions,
} from '../cost/hierarchical/index.js'

/**
 * Rules in which the published program differs from the correct behaviour, one field per rule (specification §15).
 * Rules of a different kind (tile sizes without borders, the choice of cache memories) are in `published/`.
 */
export interface FuseConventions {
  readonly name: 'standard' | 'published'
  /** Q19: the network's input may be listed as a cut. */
  readonly inputMayBeCut: boolean
  /** Q20: a cut after the first layer reads as "no cut", so that layers are evaluated more than once. */
  readonly firstCutIsIgnored: boolean
  /** Q27: the part of a stack's input that tiles share is in the cache without having been written. */
  readonly sourceCacheIsFree: boolean
  /** Q28: a copy's second hop waits for the first only when it uses a new port. */
  readonly copyHopsMayOverlap: boolean
  /** Q31: feature maps are placed with regard to caches, weights and other live maps in the same memory. */
  readonly roomIsShared: boolean
  /** Q32: bits taken from a cache have the precision of the reading layer's output. */
  readonly cacheHasOutputPrecision: boolean
  /** Q33: a stack input that lies below the memory where a layer expects it is read from there without a move. */
  readonly lowerSourceIsFree: boolean
  /** Q40: a read-write port is as wide as its reads in both directions. */
  readonly sharedPortHasReadWidth: boolean
  /** Q4, App. B: pooling has a weight operand of 0 bits that takes part in placement. */
  readonly poolingHasWeights: boolean
  /** What a tile made of a map for later readers stays stored while another layer reads a part of it. */
  readonly unreadPartsStay: boolean
  /** Whole feature maps that wait for later stacks take room in the top memory. */
  readonly waitingMapsTakeRoom: boolean
  /** Every layer is mapped for energy, whatever schedules are compared by. */
  readonly layersSpareEnergy: boolean
  /** Networks have one output, and no products of two feature maps or maps that are reshaped between layers. */
  readonly onlyPlainNetworks: boolean
  /** The cost model of the layers. */
  readonly layerModel: HierarchicalConventions
}

export const standardFuse: FuseConventions = Object.freeze({
  name: 'standard',
  inputMayBeCut: false,
  firstCutIsIgnored: false,
  sourceCacheIsFree: false,
  copyHopsMayOverlap: false,
  roomIsShared: true,
  cacheHasOutputPrecision: false,
  lowerSourceIsFree: false,
  sharedPortHasReadWidth: false,
  poolingHasWeights: false,
  unreadPartsStay: true,
  waitingMapsTakeRoom: true,
  layersSpareEnergy: false,
  onlyPlainNetworks: false,
  layerModel: standardConventions,
})

export const publishedFuse: FuseConventions = Object.freeze({
  name: 'published',
  inputMayBeCut: true,
  firstCutIsIgnored: true,
  sourceCacheIsFree: true,
  copyHopsMayOverlap: true,
  roomIsShared: false,
  cacheHasOutputPrecision: true,
  lowerSourceIsFree: true,
  sharedPortHasReadWidth: true,
  poolingHasWeights: true,
  unreadPartsStay: false,
  waitingMapsTakeRoom: false,
  layersSpareEnergy: true,
  onlyPlainNetworks: true,
  layerModel: publishedConventions,
})
