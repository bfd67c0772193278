export type { PlannedVariant } from './plan-document.js'
export { planDocument } from './plan-document.js'
export { planFiles } from './plan-files.js'
export { planText } from './plan-text.js'
