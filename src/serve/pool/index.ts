export type { ServeSystem } from './serve-system.js'
export { acceleratorPool, singleAccelerator } from './serve-system.js'
export { runPool } from './run-pool.js'
export { simulateSystem } from './simulate-system.js'
