export type {
  NothingBelow,
  OrderedMapping,
  OrderingMetric,
  OrderingOptions,
} from './optimal-ordering.js'
export { searchEnergy } from './energy-search.js'
export { operandFloorPj } from './operand-floor.js'
export { orderingSpace } from './ordering-space.js'
export { optimalOrdering } from './optimal-ordering.js'
