import type { SparseLayer } from '../sparse-layer.js'

/** Shape of a layer in one short line, as traces and reports name it. */
export function describeLayer(layer: SparseLayer): string {
  if (layer.kind === 'attention') {
    return `${layer.heads} heads ${layer.queries}x${layer.keys} width ${layer.headWidth}`
  }
  const { inputChannels: c, outputChannels: m, kernel, stride, height, width, groups } = layer
  if (layer.operator !== 'conv')
    return `${c}->${m} rows ${height}${groups > 1 ? ` groups ${groups}` : ''}`
  const step = stride.y === 1 && stride.x === 1 ? '' : ` stride ${stride.y}`
  return `${c}x${height}x${width}->${m} kernel ${kernel.y}x${kernel.x}${step}${groups > 1 ? ` groups ${groups}` : ''}`
}
