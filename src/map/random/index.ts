export { randomSearch } from './random-search.js'
