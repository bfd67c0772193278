export type { FusePoint, FuseReport } from './fuse-report.js'
export { fuseText } from './fuse-text.js'
export { renderFuse } from './render-fuse.js'
