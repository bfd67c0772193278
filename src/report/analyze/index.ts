export type { TableStats } from './table-stats.js'
export { tableStats } from './table-stats.js'
