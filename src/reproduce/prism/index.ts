export { prism } from './prism.js'
