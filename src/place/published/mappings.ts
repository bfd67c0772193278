import { MersenneTwister } from '../../base/index.js'
import type { FifoGraph } from './self-timed.js'

/** Kind 0 is the accelerator (NPU), the last kind the one that runs what nothing else can (CPU). */
function canAccelerate(graph: FifoGraph, op: number): boolean {
  return graph.timeUs[op * graph.kinds.length] !== Infinity
}

/** Published `npu-first`: whatever the first kind can run runs there, the rest on the last kind. */
export function npuFirstMapping(graph: FifoGraph): Int8Array {
  return Int8Array.from({ length: graph.ops }, (_, op) =>
    canAccelerate(graph, op) ? 0 : graph.kinds.length - 1,
  )
}

/** The bits behind {@link randomMapping}: the lowest bit of each 32-bit output (NumPy's `RandomState(seed).randint(2)`). */
export function randomBits(count: number, seed: number): Uint8Array {
  const generator = MersenneTwister.withWordSeed(seed)
  return Uint8Array.from({ length: count }, () => generator.uint32() & 1)
}

/** Published `random` (specification §6): one bit per operation, 1 = accelerator where possible. The published seed is 42. */
export function randomMapping(graph: FifoGraph, seed: number): Int8Array {
  const bits = randomBits(graph.ops, seed)
  return Int8Array.from({ length: graph.ops }, (_, op) =>
    bits[op] === 1 && canAccelerate(graph, op) ? 0 : graph.kinds.length - 1,
  )
}
