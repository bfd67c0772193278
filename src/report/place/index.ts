export type { PlaceReport } from './report-data.js'
export { placeFiles, placeText } from './place-report.js'
