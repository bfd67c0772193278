export type { HardwareOptions, HardwarePolicy, NumberFormat } from './hardware-options.js'
export {
  defaultHardwareOptions,
  hardwareOptions,
  hardwarePolicies,
  isFloat,
  numberFormats,
} from './hardware-options.js'
export * from './integer/index.js'
export * from './float/index.js'
export type { Design } from './design-files.js'
export { generateDesign } from './design-files.js'
export type { MeasuredArea } from './published-area.js'
export { eyerissV2, publishedAreas } from './published-area.js'
export type { DataSheet, FieldRow, PortRow, RegisterRow } from './data-sheet.js'
export { dataSheet } from './data-sheet.js'
export type { NumericStudyRow } from './numeric-study.js'
export { numericStudy } from './numeric-study.js'
