export type { CoreKind, CostSource, Density, Operation, OperationCost } from './cost-source.js'
export type {
  ArrayDimension,
  DataLink,
  HierarchicalAccelerator,
  LinkDirection,
  MemoryLevel,
  MemoryPort,
  OperationalArray,
} from './hierarchical-accelerator.js'
export type { LayerOperand, LayerOperandName, SlidingAxis } from './layer-operand.js'
export type { Layer, LoopDim, Operand, Workload } from './layer.js'
export type { Network, NetworkNode, NodeWork } from './network.js'
export type { MapRead, OperandRead } from './operand-read.js'
export type { LayerTable } from './layer-table.js'
export type {
  OnnxAttribute,
  OnnxDim,
  OnnxElementType,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxStorage,
  OnnxTensor,
  OnnxValueInfo,
} from './onnx-graph.js'
export type { GraphOperation, OpEdge, OpGraph } from './op-graph.js'
export type { Request, RequestStream } from './request-stream.js'
export type { Progress, Run } from './run.js'
export type { Schedule, Transfer } from './schedule.js'
export type { SearchResult, SearchStatus } from './search-result.js'
export type { Interconnect, Soc, SocCoreKind } from './soc.js'
export type { ScheduleTable, TableByRow, TableColumn, TableRow } from './schedule-table.js'
export type {
  PerOperand,
  Stationarity,
  TableAccelerator,
  TableArray,
  TableBuffer,
  TableDataflow,
} from './table-accelerator.js'
export type { TableLayer } from './table-layer.js'
export { fedInputs, nodeLabel, onnxElementTypes } from './onnx-graph.js'
export { quietRun } from './run.js'
export {
  column,
  columnCount,
  row,
  rowCount,
  rowProduct,
  tableColumns,
  tableFromRows,
  tableInDram,
  tableRows,
  tableSize,
  tableToRows,
} from './schedule-table.js'
export {
  dataflowChoices,
  fixedDataflow,
  isSpatialRow,
  operands,
  perOperand,
  realRowNames,
  realRows,
  stationarities,
} from './table-accelerator.js'
export { sameShape, shapeKey, tableLayer, tableLayerOf } from './table-layer.js'
export type { SpatialUnrolling, Unroll, UnrollingRule } from './spatial-unrolling.js'
export type { TemporalLoop, UnevenMapping } from './uneven-mapping.js'
export { linkDirections } from './hierarchical-accelerator.js'
export { layerOperandNames, layerOperands } from './layer-operand.js'
export { loopDims, macCount, paddedInputSize, storedInputSize } from './layer.js'
export type { Bypass } from './memory-hierarchy.js'
export {
  accessEnergyPj,
  bypassing,
  cutAbove,
  instanceCount,
  levelAt,
  levelsOf,
  shareInputLevels,
  unitCount,
} from './memory-hierarchy.js'
export { unrollingOf } from './unrolling-of.js'
export { loopsPerLevel } from './uneven-mapping.js'
export { operandCount, operandReads, readLayers } from './data-operands.js'
export { networkOpGraph, workloadNetwork } from './network.js'
export { networkWorkload } from './network-workload.js'
export type { Trace } from './trace.js'
export type { RequestSource, ServingMix, SourceArrivals, WeightedTrace } from './serving.js'
export { createRequestStream } from './request-stream.js'
export { createTrace } from './trace.js'
export type { LayerFacts, LayerMeasurement, NetworkProfile, Provenance } from './network-profile.js'
export { provenances } from './network-profile.js'
export type {
  AcceleratorCore,
  Arrivals,
  DensityModel,
  Roofline,
  RooflineCore,
  Scenario,
  ScenarioCore,
  ScenarioInterconnect,
  ScenarioNetwork,
} from './scenario.js'
export { lowerScheduleTable } from './lower-schedule-table.js'
export { loweredDimensions, lowerTableAccelerator } from './lower-table-accelerator.js'
