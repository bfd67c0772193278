import { createEngineWith, type FuseEngine } from './fuse-engine.js'
import type { FuseSetting } from './fuse-setting.js'
import { standardPlanner } from './planner.js'
import { publishedPlanner } from './published/planner.js'

export type { AxisClass, AxisPlan } from './axis-classes.js'
export type { FuseConventions } from './conventions.js'
export type { Partition, StackOption } from './best-partition.js'
export type { CostBreakdown, CostSummary } from './cost-summary.js'
export type { ChosenStack } from './choose-stacks.js'
export type { BestSchedule, Exploration, UniformPoint } from './conclude-exploration.js'
export type { CandidateCount, Priced, PrunedStacks } from './priced.js'
export type { StackJob, StackJobResult, StackPoint } from './explore.js'
export type { FuseEngine, PricedStack } from './fuse-engine.js'
export type { StackRange } from './stack-range.js'
export type { FuseSetting, LayerSearch } from './fuse-setting.js'
export type { ExplorationPlan, ExplorationRequest, StackChoice } from './plan-exploration.js'
export type { EnergyAndLatency, Objective } from './objective.js'
export type { Planner } from './planner.js'
export type { TileSize } from './tile-sizes.js'
export type { CopyHop, DataPlace } from './copy-path.js'
export type { CopyAction, CopyReason, CopyRequest, CopyStep } from './copy-step.js'
export type { StackCost } from './evaluate-stack.js'
export type { TileContext, TileStep } from './tile-step.js'
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
export type { Network, NetworkNode, NetworkRead, ReshapedMap } from './network.js'
export type { OverlapMode } from './overlap-mode.js'
export type { Stack, StackNode, StackRead, StackSource } from './stack.js'
export type { StackRanges } from './stack-ranges.js'
export type { WaitingMap } from './waiting-maps.js'
export type { AxisTile, TileHomes, TileType } from './tile-type.js'
export { axisClasses } from './axis-classes.js'
export { bestPartition } from './best-partition.js'
export { addSummaries, breakdownOf, summarise } from './cost-summary.js'
export { objectiveOf, objectives } from './objective.js'
export type { AccessStages, StageAccesses } from './access-elements.js'
export { accessStages } from './access-elements.js'
export { autoSizes, tileGrid } from './tile-sizes.js'
export type { CopyDetail, StackDetail, StepDetail, TileTypeDetail } from './stack-detail.js'
export { detailStack } from './stack-detail.js'
export { neighbourJobs } from './refine-tiles.js'
export { allPriced, promisingCandidates } from './promising-candidates.js'
export { rangeFloor } from './range-floor.js'
export { searchStacks } from './search-stacks.js'
export { bestSoFar, concludeExploration } from './conclude-exploration.js'
export { exploreStack } from './explore.js'
export { planExploration, weightCapacityBits } from './plan-exploration.js'
export { branchFreeUnits } from './branch-free-units.js'
export { publishedFuse, standardFuse } from './conventions.js'
export { copyPath } from './copy-path.js'
export { copyStep } from './copy-step.js'
export { evaluateStack } from './evaluate-stack.js'
export { evaluateTile } from './evaluate-tile.js'
export { viewMemories } from './memory-view.js'
export { buildNetwork, NETWORK_INPUT, reshapedMaps, weightBits } from './network.js'
export { directionsOf } from './directions.js'
export { cachesColumns, cachesRows, overlapModes } from './overlap-mode.js'
export { partitionByWeights } from './partition-by-weights.js'
export { peakBits } from './peak-bits.js'
export { planTiles } from './plan-tiles.js'
export { cutIntoStacks, makeStack } from './stack.js'
export { stackRanges } from './stack-ranges.js'
export { waitingMaps } from './waiting-maps.js'
export { whyUnchained, type MadePart } from './chaining.js'
export { standardPlanner } from './planner.js'
export { publishedPlanner } from './published/planner.js'
export { fullSizes, planPublishedTiles } from './published/plan-tiles.js'
export { publishedStacks } from './published/stacks.js'

/**
 * An engine that prices stacks of one network on one accelerator.
 * @param hurries whether layers are to be mapped as quickly as possible: when a search was stopped
 * @throws InputError when the network cannot be run depth-first
 */
export function createFuseEngine(setting: FuseSetting, hurries?: () => boolean): FuseEngine {
  const planner = setting.conventions === 'published' ? publishedPlanner : standardPlanner
  return createEngineWith(planner, setting, hurries)
}
