export type { HierarchicalConventions } from './conventions.js'
export { publishedConventions, standardConventions } from './conventions.js'
