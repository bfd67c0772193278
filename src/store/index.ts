export { ContentCache } from './content-cache.js'
export type { ParquetColumns } from './parquet-columns.js'
export { readParquetColumns, writeParquetColumns } from './parquet-columns.js'
