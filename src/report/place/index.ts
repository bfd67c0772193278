import { whenDrawn } from '../when-drawn.js'
export type { PlaceReport } from './report-data.js'
export { placeText } from './place-text.js'

export const placeFiles = whenDrawn(async () => (await import('./place-files.js')).placeFiles)
