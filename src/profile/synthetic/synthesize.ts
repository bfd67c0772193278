import type { LayerMeasurement, NetworkProfile } from '../../model/index.js'
import { hashMask, type MaskPattern } from '../hash-mask.js'
import type { LatencyModel } from '../latency-model.js'
import { countOnes } from '../mask.js'
import { denseMacs, weightElements, type AttentionLayer, type ConvLayer } from '../sparse-layer.js'
import { spread } from '../statistics/index.js'
import { calibrateSpread, drawDensities, type DensityModel } from './density-model.js'
import type { AttentionNetwork } from './networks.js'

/** Version of the generator, recorded in every profile that it makes. */
const GENERATOR = 'heddle one-factor density model 1'

export interface CnnSynthesis {
  readonly network: string
  readonly layers: readonly ConvLayer[]
  readonly pattern: Extract<MaskPattern, 'random' | 'block4' | 'filter'>
  /** Weight sparsity of every layer but the first, which stays dense. */
  readonly weightSparsity: number
  readonly model: Omit<DensityModel, 'spread'>
  /** (max − min) / mean of the network's valid MACs over samples, to which the spread is calibrated. */
  readonly relativeRange: number
  readonly accelerator: LatencyModel
  readonly seed: number
}

/**
 * A CNN profile from its layer shapes and a density model: weights pruned by hash masks, activations known by density
 * only, valid MACs = dense MACs × both densities, latency expected by the accelerator's model.
 */
export function synthesizeCnn(s: CnnSynthesis): NetworkProfile {
  const name = `${s.network}_${s.pattern.replace('block4', 'block')}${Math.round(100 * s.weightSparsity)}`
  const prepared = s.layers.map((layer, i) => {
    const sparsity = i === 0 ? 0 : s.weightSparsity
    const dims = [
      layer.outputChannels,
      layer.inputChannels / layer.groups,
      layer.kernel.y,
      layer.kernel.x,
    ]
    const mask = hashMask(dims, s.pattern, sparsity, s.seed + i)
    const density = countOnes(mask) / mask.length
    return { layer, density, time: s.accelerator.prepare(layer, { kind: 'mask', mask }) }
  })
  const macs = prepared.map(({ layer, density }) => denseMacs(layer) * density)
  const dense = macs.reduce((sum, each) => sum + each, 0)
  const range = (spreadOf: number): number => {
    const draws = drawDensities({ ...s.model, spread: spreadOf }, s.seed)
    const ratios = draws.map(
      ({ densities }) => densities.reduce((sum, d, l) => sum + d * macs[l], 0) / dense,
    )
    return spread(ratios).relativeRange
  }
  const model: DensityModel = { ...s.model, spread: calibrateSpread(s.relativeRange, range) }
  const samples = drawDensities(model, s.seed).map(({ dataset, densities }) => ({
    dataset,
    layers: prepared.map(({ layer, time }, l): LayerMeasurement => {
      const density = densities[l]
      const { cycles, latencyS } = time({ kind: 'density', density })
      return {
        inputZeros: 1 - density,
        // The output is what the next layer reads.
        outputZeros: l + 1 < densities.length ? 1 - densities[l + 1] : 0,
        sparsity: 1 - density,
        validMacs: macs[l] * density,
        denseMacs: denseMacs(layer),
        cycles,
        latencyS,
      }
    }),
  }))
  return {
    kind: 'network-profile',
    name,
    network: s.network,
    provenance: 'synthetic-calibrated',
    accelerator: s.accelerator.name,
    generator: `${GENERATOR}, seed ${s.seed}, ${parametersText(model)}, relative range of valid MACs calibrated to ${s.relativeRange}`,
    layers: prepared.map(({ layer, density }) => ({
      name: layer.name,
      operator: layer.operator,
      shape: `${layer.inputChannels}x${layer.height}x${layer.width}->${layer.outputChannels} kernel ${layer.kernel.y} stride ${layer.stride.y}${layer.groups > 1 ? ` groups ${layer.groups}` : ''}`,
      denseMacs: denseMacs(layer),
      weights: weightElements(layer),
      weightZeros: 1 - density,
      weightPattern: density === 1 ? 'dense' : s.pattern,
    })),
    samples,
  }
}

export interface AttentionSynthesis {
  readonly network: string
  readonly shape: AttentionNetwork
  readonly model: DensityModel
  readonly accelerator: LatencyModel
  readonly seed: number
}

/**
 * An attention profile: one layer per attention (scores, softmax, weighted sum), its monitored sparsity that of the
 * scores. Projections and feed-forward layers are dense, the same for every sample, and left out: at these lengths they
 * take most of a block's time, but nothing about them depends on the input.
 */
export function synthesizeAttention(s: AttentionSynthesis): NetworkProfile {
  const { heads, headWidth, tokens, causal } = s.shape
  const attention: AttentionLayer = {
    kind: 'attention',
    name: 'attention',
    heads,
    queries: tokens,
    keys: tokens,
    headWidth,
  }
  const macs = denseMacs(attention)
  const time = s.accelerator.prepare(attention, { kind: 'density', density: 1 })
  // Under a causal mask about half of the positions exist; densities are shares of those.
  const open = causal ? (tokens + 1) / (2 * tokens) : 1
  const samples = drawDensities(s.model, s.seed).map(({ dataset, densities }) => ({
    dataset,
    layers: Array.from(densities, (density): LayerMeasurement => {
      const { cycles, latencyS } = time({ kind: 'density', density: density * open })
      return {
        inputZeros: 1 - open,
        outputZeros: 0,
        sparsity: 1 - density,
        validMacs: macs * open * density,
        denseMacs: macs,
        cycles,
        latencyS,
      }
    }),
  }))
  return {
    kind: 'network-profile',
    name: s.network,
    network: s.network,
    provenance: 'synthetic-calibrated',
    accelerator: s.accelerator.name,
    generator: `${GENERATOR}, seed ${s.seed}, ${parametersText(s.model)}`,
    layers: Array.from({ length: s.shape.layers }, (_, i) => ({
      name: `attention${i}`,
      operator: 'attention',
      shape: `${heads} heads ${tokens}x${tokens} width ${headWidth}`,
      denseMacs: macs,
      weights: 0,
    })),
    samples,
  }
}

function parametersText(model: DensityModel): string {
  const means = model.means.map((mean) => mean.toFixed(3)).join(' ')
  const datasets = model.datasets
    .map(({ name, samples, shift }) => `${name} ${samples} samples shift ${shift}`)
    .join(' / ')
  return `spread ${model.spread}, correlation ${model.correlation}, neighbour ${model.neighbour}, fixed ${model.fixed}, mean densities ${means}, data sets ${datasets}`
}
