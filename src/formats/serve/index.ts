export type { GivenStream } from './read-stream-csv.js'
export type { ServeCase } from './read-case.js'
export { isServeCase, readServeCase, serveCaseSchema } from './read-case.js'
export { readStreamCsv } from './read-stream-csv.js'
