export { ContentCache } from './content-cache.js'
