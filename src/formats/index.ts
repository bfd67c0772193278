export type { ParsedYaml } from './parse-yaml.js'
export { readHierarchicalAccelerator } from './hierarchical-accelerator.js'
export { readNetwork } from './network.js'
export type { GivenStream, ParsedServing, ServeCase } from './serve/index.js'
export type { TraceDialect, TraceReadOptions, TraceRows } from './traces/index.js'
export {
  isServeCase,
  readArrivalTimes,
  readServeCase,
  readServing,
  readStreamCsv,
  resolveServing,
} from './serve/index.js'
export { inputSchemas, resultSchemas } from './schemas.js'
export {
  readTraceCsv,
  traceDialect,
  traceFromRows,
  traceName,
  writeTraceCsv,
} from './traces/index.js'
export { readSchedulingTable, writeSchedulingTable } from './scheduling-table.js'
export { readTableAccelerator, writeTableAccelerator } from './table-accelerator.js'
export { writeNetwork } from './write-network.js'
export type { BatchEntry } from './analyze-batch.js'
export { readAnalyzeBatch } from './analyze-batch.js'
export type { ScenarioVariant } from './scenario-variants.js'
export { readScenario } from './scenario.js'
export { scenarioVariants } from './scenario-variants.js'
