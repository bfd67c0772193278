import { InputError } from '../../base/index.js'
import type { OnnxGraph } from '../../model/index.js'
import type { LatencyModel } from '../latency-model.js'
import type { AttentionLayer, SparseLayer } from '../sparse-layer.js'
import { findLayers, type LayerSite, type SkippedNodes } from './find-layers.js'

/** The layers of a graph that an accelerator runs, and what is left out and why. */
export interface MeasuredSites {
  readonly sites: readonly LayerSite[]
  readonly skipped: readonly SkippedNodes[]
}

/**
 * Chooses the layers to measure. An attention is one layer on an accelerator that knows attention, and the two products
 * it contains elsewhere.
 * @throws InputError (E-PRF-004) when the accelerator can run no layer of the graph
 */
export function measuredSites(graph: OnnxGraph, accelerator: LatencyModel): MeasuredSites {
  const found = findLayers(graph)
  const knowsAttention = accelerator.rejects(probe) === undefined
  const candidates = found.sites.filter((site) =>
    site.kind === 'attention' ? knowsAttention : !(knowsAttention && site.attention !== undefined),
  )
  // Whether an accelerator runs matrix products at all can be asked before any shape is known.
  const noProducts = accelerator.rejects(productProbe)
  const attentionOnly = knowsAttention && noProducts !== undefined
  const sites = candidates.filter((site) => site.kind === 'attention' || !attentionOnly)
  const skipped: SkippedNodes[] = [...found.skipped]
  if (attentionOnly && sites.length < candidates.length) {
    const nodes = candidates.filter((site) => site.kind !== 'attention').map((site) => site.name)
    skipped.push({ operator: 'Conv, Gemm, MatMul', nodes, reason: noProducts })
  }
  if (sites.length === 0) {
    throw new InputError({
      code: 'E-PRF-004',
      message: `the graph has no layer that ${accelerator.name} runs`,
      hint:
        skipped.length > 0
          ? `not measured: ${skipped.map((each) => each.operator).join(', ')}`
          : 'choose another accelerator',
    })
  }
  return { sites, skipped }
}

const probe: AttentionLayer = {
  kind: 'attention',
  name: 'attention',
  heads: 1,
  queries: 64,
  keys: 64,
  headWidth: 64,
}

const productProbe: SparseLayer = {
  kind: 'conv',
  name: 'product',
  operator: 'linear',
  inputChannels: 64,
  outputChannels: 64,
  groups: 1,
  height: 1,
  width: 1,
  kernel: { y: 1, x: 1 },
  stride: { y: 1, x: 1 },
  dilation: { y: 1, x: 1 },
  padding: { top: 0, bottom: 0, left: 0, right: 0 },
}
