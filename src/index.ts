export * from './base/index.js'
export * from './model/index.js'
