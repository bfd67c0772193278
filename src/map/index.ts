export type { TableMapping, TableSearch, TableSearchOptions } from './table-search.js'
export { searchOptimal } from './optimal/index.js'
/** Loop orders on hierarchical accelerators: LOMA, SALSA, spatial unrolling (specification of `fuse`, §8). */
export * as hierarchicalSearch from './hierarchical/index.js'
