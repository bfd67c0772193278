export type { PublishedRegression } from './linear-regression.js'
export { publishedRegression } from './linear-regression.js'
