export type { TableMapping, TableSearch, TableSearchOptions } from './table-search.js'
export { searchOptimal } from './optimal/index.js'
export type { OrderedMapping, OrderingMetric, OrderingOptions } from './ordering/index.js'
export { optimalOrdering } from './ordering/index.js'
