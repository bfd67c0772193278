/** The published system, bit for bit. */
export type { AcceptedFlip, HillClimb } from './hill-climb.js'
export type { FifoGraph } from './self-timed.js'
export type { ThroughputMetric } from './throughput.js'
export { fifoGraphOf } from './fifo-graph.js'
export { hillClimb } from './hill-climb.js'
export { npuFirstMapping, randomBits, randomMapping } from './mappings.js'
export { ANY_KIND, SelfTimed } from './self-timed.js'
export { publishedBatchSizes, throughputMetric } from './throughput.js'
