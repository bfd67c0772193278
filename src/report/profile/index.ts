export { pruningRows, type PruningRow } from './pruning.js'
export { layerColumns, layerRows, profileReport, type LayerRow } from './profile-report.js'
