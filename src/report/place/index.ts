export type { PlaceReport } from './report-data.js'
export { ganttSvg } from './gantt.js'
export { placeFiles, placeText } from './place-report.js'
