export type { OrderedMapping, OrderingMetric, OrderingOptions } from './optimal-ordering.js'
export { optimalOrdering } from './optimal-ordering.js'
