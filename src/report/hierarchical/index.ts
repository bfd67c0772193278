import { whenDrawn } from '../when-drawn.js'
export type { HierarchicalLayerResult, HierarchicalNetworkResult } from './network-result.js'
export { hierarchicalDocument } from './document.js'
export { hierarchicalText } from './text.js'

export const hierarchicalFiles = whenDrawn(
  async () => (await import('./files.js')).hierarchicalFiles,
)
