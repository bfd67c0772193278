import { whenDrawn } from '../when-drawn.js'
export type { ComparedArea } from './area-table.js'
export type { RoutingReport, RtlResult, SynthesisReport } from './rtl-result.js'
export { compareAreas } from './area-table.js'
export { rtlDocument } from './rtl-document.js'
export { rtlText } from './rtl-text.js'

export const rtlFiles = whenDrawn(async () => (await import('./rtl-files.js')).rtlFiles)
