export type { HierarchicalConventions, HierarchicalConventionsName } from './conventions.js'
export type { HierarchicalCost, LevelCost, OperandCost } from './evaluate.js'
export type { InputLoading, Latency, LinkCycles, PortStall } from './latency.js'
export type { Occupancy, Overflow } from './occupancy.js'
export type { OperandNest } from './operand-nest.js'
export type { HierarchicalProblem, ProblemOperand, SpatialCounts } from './problem.js'
export type { SpatialLoop } from './spatial-loops.js'
export type { TileSlide } from './halo.js'
export type { LinkTraffic, PerLink } from './traffic.js'
export {
  chargesFirstRead,
  hierarchicalConventions,
  nnDataflowConventions,
  rowLoop,
  publishedConventions,
  standardConventions,
  timeloopConventions,
  zigzagConventions,
} from './conventions.js'
export { evaluateMapping } from './evaluate.js'
export { hierarchicalProblem } from './problem.js'
export { spatialLoops } from './spatial-loops.js'
export type { TileIterations } from './boundary-terms.js'
export { BoundaryTerms } from './boundary-terms.js'
export type { FactorAxis, LoopLattice } from './loop-lattice.js'
export { countOf, loopLattice, primeFactors } from './loop-lattice.js'
export { MappingKernel } from './kernel.js'
export { mostLanes, mostLoops } from './batch-memory.js'
export { BUSY_CYCLES, HELD_BITS, REAL_CYCLES } from './boundary-rows.js'
export { kernelPorts, portLinks } from './kernel-ports.js'
export { newShareOf } from './halo.js'
export { ceilFactor, slidingExtent } from './extent.js'
