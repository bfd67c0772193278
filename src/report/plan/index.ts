import { whenDrawn } from '../when-drawn.js'
export type { ImpossibleVariant, PlannedVariant, PlannedVariants } from './plan-document.js'
export { planDocument } from './plan-document.js'
export { planText } from './plan-text.js'

export const planFiles = whenDrawn(async () => (await import('./plan-files.js')).planFiles)
