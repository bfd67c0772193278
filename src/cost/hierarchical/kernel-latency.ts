import { KernelBuffering } from './kernel-buffering.js'
import { KernelLoading } from './kernel-loading.js'
import type { KernelPorts } from './kernel-ports.js'
import { KernelStalls } from './kernel-stalls.js'
import type { PreparedNest } from './prepared-nest.js'

/** Cycles of the mappings of a batch: computation, port stalls, loading, off-loading, as `evaluateMapping` has them. */
export class KernelLatency {
  private readonly nest: PreparedNest
  private readonly buffering: KernelBuffering
  private readonly stalls: KernelStalls
  private readonly loading: KernelLoading
  private readonly temporalCycles: number

  constructor(nest: PreparedNest, ports: KernelPorts) {
    this.nest = nest
    this.buffering = new KernelBuffering(nest)
    this.temporalCycles = Object.values(nest.problem.temporal).reduce((a, b) => a * b, 1)
    this.stalls = new KernelStalls(nest, ports, this.temporalCycles)
    this.loading = new KernelLoading(nest, ports)
  }

  /** What no mapping changes, in the memory that another kernel may have used. */
  reset(): void {
    this.buffering.reset()
    this.stalls.reset()
  }

  evaluate(loadedCycles: Float64Array, totalCycles: Float64Array): void {
    const { count } = this.nest
    this.buffering.evaluate()
    this.stalls.evaluate(loadedCycles)
    for (let lane = 0; lane < count; lane++) loadedCycles[lane] += this.temporalCycles
    this.loading.addLoading(loadedCycles)
    for (let lane = 0; lane < count; lane++) totalCycles[lane] = loadedCycles[lane]
    this.loading.addOffloading(totalCycles)
  }
}
