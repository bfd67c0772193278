export type { MappingSpace } from './optimal-mapping.js'
export { mappingSpace, searchOptimal } from './optimal-mapping.js'
export { searchPareto } from './search-pareto.js'
