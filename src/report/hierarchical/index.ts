export type { HierarchicalLayerResult, HierarchicalNetworkResult } from './network-result.js'
export { hierarchicalDocument } from './document.js'
export { hierarchicalFiles } from './files.js'
export { hierarchicalText } from './text.js'
