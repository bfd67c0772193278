export { layerColumns, layerRows, profileReport, type LayerRow } from './profile-report.js'
