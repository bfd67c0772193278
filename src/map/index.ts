export type { TableMapping, TableSearch, TableSearchOptions } from './table-search.js'
export { searchOptimal } from './optimal/index.js'
