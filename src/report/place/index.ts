export type { PlaceReport } from './place-report.js'
export { ganttSvg } from './gantt.js'
export { placeFiles, placeText } from './place-report.js'
