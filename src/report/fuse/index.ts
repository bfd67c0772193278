import { whenDrawn } from '../when-drawn.js'
export type { FusePoint, FuseReport } from './fuse-report.js'
export { fuseText } from './fuse-text.js'

export const renderFuse = whenDrawn(async () => (await import('./render-fuse.js')).renderFuse)
