import { whenDrawn } from '../when-drawn.js'
export type { Analysis, AnalysisDocument } from './analysis-document.js'
export type { TableStats } from './table-stats.js'
export { analysisDocument } from './analysis-document.js'
export { analysisText } from './analysis-text.js'
export { tableStats } from './table-stats.js'

export const analysisFiles = whenDrawn(
  async () => (await import('./analysis-files.js')).analysisFiles,
)
