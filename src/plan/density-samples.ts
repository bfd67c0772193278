import { createRng } from '../base/index.js'
import type { DensityModel, NetworkNode, Trace } from '../model/index.js'

/** Fraction of non-zero activations of every operation of a network. */
export interface OperationDensities {
  /** [operation], over all samples. */
  readonly mean: readonly number[]
  /** [sample][operation] */
  readonly samples: readonly (readonly number[])[]
}

/**
 * Densities drawn from a model: log-normal around the mean, one factor per sample shared by all layers (the strong
 * correlation between layers that measured networks show), within 1 % and 100 %.
 */
export function drawnDensities(
  model: DensityModel,
  operations: number,
  seed: number,
): OperationDensities {
  const rng = createRng(seed, 7)
  const { mean, spread, samples } = model
  const all = (density: number): number[] => Array.from({ length: operations }, () => density)
  return {
    mean: all(mean),
    samples: Array.from({ length: samples }, () => {
      const factor = Math.exp(spread * rng.normal() - (spread * spread) / 2)
      return all(Math.min(1, Math.max(0.01, mean * factor)))
    }),
  }
}

/** Layers that a trace lists, as indices of a network's nodes: those that multiply. */
export function tracedNodes(nodes: readonly NetworkNode[]): number[] {
  return nodes.flatMap(({ work }, i) =>
    work.kind === 'layer' && work.layer.operator !== 'pool' && work.layer.operator !== 'add'
      ? [i]
      : [],
  )
}

/**
 * Densities measured per sample and layer. An operation that the trace does not list (pooling, sums) takes the density
 * of the listed one before it.
 * @param layerOf layer of the trace for every operation that it lists
 */
export function tracedDensities(
  trace: Trace,
  operations: number,
  layerOf: ReadonlyMap<number, number>,
): OperationDensities {
  const { sampleCount, layerCount, sparsity } = trace
  const order: number[] = []
  let at = 0
  for (let i = 0; i < operations; i++) {
    at = layerOf.get(i) ?? at
    order.push(at)
  }
  const samples = Array.from({ length: sampleCount }, (_, s) =>
    order.map((layer) => 1 - sparsity[s * layerCount + layer]),
  )
  return {
    mean: order.map((_, i) => samples.reduce((sum, each) => sum + each[i], 0) / sampleCount),
    samples,
  }
}
