export type { TableMapping, TableSearch, TableSearchOptions } from './table-search.js'
