/** The library: one namespace per room. Everything here is pure: no I/O, no clock, deterministic for a seed. */
export * as base from './base/index.js'
export * as cost from './cost/index.js'
export * as map from './map/index.js'
export * as fuse from './fuse/index.js'
export * as model from './model/index.js'
export * as place from './place/index.js'
export * as profile from './profile/index.js'
export * as serve from './serve/index.js'
