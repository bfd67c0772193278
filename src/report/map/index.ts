import { whenDrawn } from '../when-drawn.js'
export type { ExplainedFigure } from './explain.js'
export { explainColumns, explainCost } from './explain.js'
export { loopNest } from './loop-nest.js'
export { mapDocument } from './result-document.js'
export { mapText } from './text-report.js'

export const mapFiles = whenDrawn(async () => (await import('./report-page.js')).mapFiles)
