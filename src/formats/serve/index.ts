export type { ServeCase } from './read-case.js'
export { isServeCase, readServeCase, serveCaseSchema } from './read-case.js'
