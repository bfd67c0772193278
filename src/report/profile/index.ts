export { correlationMap, latencyHistogram, provenanceLine, sparsityBoxes } from './figures.js'
export { layerColumns, layerRows, profileReport, type LayerRow } from './profile-report.js'
