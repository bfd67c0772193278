export type {
  NothingBelow,
  OrderedMapping,
  OrderingMetric,
  OrderingOptions,
  Ranked,
} from './optimal-ordering.js'
export { searchEnergy } from './label-search.js'
export { operandFloorPj } from './operand-floor.js'
export { orderingSpace, withLatency } from './ordering-space.js'
export { optimalOrdering, precedes } from './optimal-ordering.js'
