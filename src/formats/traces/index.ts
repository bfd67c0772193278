export type { TraceDialect, TraceReadOptions } from './read-trace-csv.js'
export type { TraceRows } from './trace-matrix.js'
export { readTraceCsv, traceDialect, traceName, writeTraceCsv } from './read-trace-csv.js'
export { traceFromRows } from './trace-matrix.js'
