export type { AxisClass, AxisPlan } from './axis-classes.js'
export type { FuseConventions } from './conventions.js'
export type { CopyHop, DataPlace } from './copy-path.js'
export type { CopyAction, CopyReason, CopyRequest, CopyStep } from './copy-step.js'
export type { StackCost } from './evaluate-stack.js'
export type { TileContext, TileStep } from './evaluate-tile.js'
export type {
  LayerLink,
  LayerMisfit,
  LayerProblem,
  LayerSolution,
  LayerSolver,
  Tops,
} from './layer-problem.js'
export type { LayerTotals } from './layer-totals.js'
export type { MemoryView } from './memory-view.js'
export type { Network, NetworkNode } from './network.js'
export type { OverlapMode } from './overlap-mode.js'
export type { Stack, StackNode, StackSource } from './stack.js'
export type { AxisTile, TileHomes, TileType } from './tile-type.js'
export { axisClasses } from './axis-classes.js'
export { branchFreeUnits } from './branch-free-units.js'
export { publishedFuse, standardFuse } from './conventions.js'
export { copyPath } from './copy-path.js'
export { copyStep } from './copy-step.js'
export { evaluateStack } from './evaluate-stack.js'
export { evaluateTile } from './evaluate-tile.js'
export { viewMemories } from './memory-view.js'
export { buildNetwork, NETWORK_INPUT, weightBits } from './network.js'
export { cachesColumns, cachesRows, overlapModes } from './overlap-mode.js'
export { partitionByWeights } from './partition-by-weights.js'
export { peakBits } from './peak-bits.js'
export { planTiles } from './plan-tiles.js'
export { cutIntoStacks, makeStack } from './stack.js'
export { fullSizes, planPublishedTiles } from './published/plan-tiles.js'
export { publishedStacks } from './published/stacks.js'
