export type { LoadBalance, ScoreStatistics } from './load-balance.js'
export type { SangerMachine } from './sanger-x.js'
export { loadBalance, scoreStatistics } from './load-balance.js'
export { sangerMachine, sangerX } from './sanger-x.js'
