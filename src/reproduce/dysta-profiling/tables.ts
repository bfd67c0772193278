import { formatPercent } from '../../base/index.js'
import type { NetworkProfile } from '../../model/index.js'
import {
  layerValues,
  macSparsity,
  meanCorrelation,
  patternEffects,
  sparsityCorrelation,
  spread,
  validMacRatios,
  type PatternEffect,
} from '../../profile/index.js'
import type { Cell, ReproducedTable } from '../reproduction.js'

/** Profiles by preset. */
export type ProfileSets = Readonly<Record<string, readonly NetworkProfile[]>>

const BINS = 24

/** Title of a panel: which network, and where its numbers come from. */
const panel = (profile: NetworkProfile): string => `${profile.name} (${profile.provenance})`

/** Counts of normalised values in equal bins over their common range, as shares of each series. */
function histogramRows(
  facet: string,
  series: readonly (readonly [string, Float64Array])[],
): Cell[][] {
  const all = spread(series.flatMap(([, values]) => [...values]))
  const width = (all.max - all.min) / BINS || 1
  return series.flatMap(([name, values]) => {
    const counts = new Float64Array(BINS)
    for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - all.min) / width))]++
    return Array.from(counts, (count, i): Cell[] => [
      facet,
      name,
      Number((all.min + (i + 0.5) * width).toFixed(4)),
      count / values.length,
    ])
  })
}

function normalised(values: Float64Array, by: number): Float64Array {
  return values.map((value) => value / by)
}

/** Fig. 2: latency of the last two attention layers, over their mean. */
export function latencySpread(profiles: readonly NetworkProfile[]): ReproducedTable {
  const rows = profiles.flatMap((profile) => {
    const attention = profile.layers.flatMap(({ operator }, i) =>
      operator === 'attention' ? [i] : [],
    )
    const series = attention.slice(-2).map((layer) => {
      const values = layerValues(profile, layer, (m) => m.latencyS)
      return [`layer ${layer}`, normalised(values, spread(values).mean)] as const
    })
    return histogramRows(panel(profile), series)
  })
  return {
    name: 'fig2-latency-spread',
    title: 'Latency of the last two attention layers',
    columns: ['network', 'layer', 'latency / mean', 'share of samples'],
    rows,
  }
}

/** Fig. 3: quartiles of layer sparsity, layers 1 to 6 in hook order, all data sets pooled. */
export function sparsityQuartiles(profiles: readonly NetworkProfile[]): ReproducedTable {
  const rows = profiles.flatMap((profile) =>
    profile.layers.slice(1, 7).map((_, i): Cell[] => {
      const { min, q1, median, q3, max } = spread(layerValues(profile, i + 1, macSparsity))
      return [panel(profile), i + 1, min, q1, median, q3, max]
    }),
  )
  return {
    name: 'fig3-layer-sparsity',
    title: 'Layer sparsity over all data sets',
    columns: ['network', 'layer', 'min', 'q1', 'median', 'q3', 'max'],
    rows,
  }
}

/** Table 2: relative range of the network's valid MACs. */
export function relativeRanges(
  profiles: readonly NetworkProfile[],
  published: Readonly<Record<string, string>>,
): ReproducedTable {
  const rows = profiles.map((profile): Cell[] => {
    const { mean, relativeRange } = spread(validMacRatios(profile))
    return [
      profile.name,
      profile.provenance,
      profile.samples.length,
      formatPercent(mean),
      formatPercent(relativeRange),
      published[profile.network] ?? '–',
    ]
  })
  return {
    name: 'table2-relative-range',
    title: 'Relative range of valid MACs, (max − min) / mean over all samples',
    columns: [
      'network',
      'provenance',
      'samples',
      'valid MACs, mean',
      'relative range',
      'published (recalled)',
    ],
    rows,
  }
}

/** Fig. 4: valid MACs of the last convolution under each pattern, over the joint mean of its network. */
export function patternHistograms(profiles: readonly NetworkProfile[]): ReproducedTable {
  const networks = [...new Set(profiles.map((profile) => profile.network))]
  const rows = networks.flatMap((network) => {
    const own = profiles.filter(
      (profile) => profile.network === network && profile.name !== network,
    )
    const series = own.map((profile) => {
      const last = profile.layers.findLastIndex(({ operator }) => operator === 'conv')
      return [
        profile.name.slice(network.length + 1).replace(/\d+$/, ''),
        layerValues(profile, last, (m) => m.validMacs / m.denseMacs),
      ] as const
    })
    const joint = spread(series.flatMap(([, values]) => [...values])).mean
    return histogramRows(
      `${network} (${own[0]?.provenance ?? ''})`,
      series.map(([name, values]) => [name, normalised(values, joint)] as const),
    )
  })
  return {
    name: 'fig4-patterns',
    title: 'Valid MACs of the last convolution under pruning patterns of equal sparsity',
    columns: ['network', 'pattern', 'valid MACs / joint mean', 'share of samples'],
    rows,
  }
}

/** The layers that the published program looks at: 1×1 convolutions and linear ones with zero weights; the last of them. */
function lastPrunedPointwise(profile: NetworkProfile): PatternEffect | undefined {
  return patternEffects(profile).findLast(({ layer }) => {
    const { operator, shape } = profile.layers[layer]
    return operator === 'linear' || / kernel 1x1( |$)/.test(shape)
  })
}

/**
 * Fig. 4 as published: valid MACs of the last pruned pointwise layer with its randomly pruned weights, and by the formula
 * for channel pruning at the same weight density, all over their joint mean. The published program means to slice
 * channels and slices the batch: that is the third series. Its 50 bins are fewer here, because there are fewer samples.
 */
export function patternFormula(profiles: readonly NetworkProfile[]): ReproducedTable {
  const rows = profiles.flatMap((profile) => {
    const effect = lastPrunedPointwise(profile)
    if (effect === undefined) return []
    const { layer, measured, channel, channelAsPublished } = effect
    const joint = spread([...measured, ...channel]).mean
    const jointAsPublished = spread([...measured, ...channelAsPublished]).mean
    return histogramRows(`${panel(profile)}, ${profile.layers[layer].name}`, [
      ['random', normalised(measured, joint)],
      ['channel', normalised(channel, joint)],
      ['channel, as published', normalised(channelAsPublished, jointAsPublished)],
    ])
  })
  return {
    name: 'fig4-formula',
    title: 'Valid MACs under random pruning and, by the formula, under channel pruning',
    columns: ['network', 'pattern', 'valid MACs / joint mean', 'share of samples'],
    rows,
  }
}

/** Means and deviations of the three series of one network, in words. */
export function patternText(profile: NetworkProfile): string {
  const effect = lastPrunedPointwise(profile)
  if (effect === undefined) return `${profile.name} has no pruned pointwise layer`
  const part = (values: Float64Array): string => {
    const { mean, deviation } = spread(values)
    return `${formatPercent(mean)} ± ${formatPercent(deviation)}`
  }
  return `${profile.name} (${profile.provenance}), ${profile.layers[effect.layer].name}: random ${part(effect.measured)}, channel ${part(effect.channel)}, channel as published ${part(effect.channelAsPublished)} of the dense MACs`
}

/** Fig. 9: correlation of monitored sparsity between layers. */
export function layerCorrelations(profiles: readonly NetworkProfile[]): ReproducedTable {
  const rows = profiles.flatMap((profile) => {
    const attention = profile.layers.flatMap(({ operator }, i) =>
      operator === 'attention' ? [i] : [],
    )
    const matrix = sparsityCorrelation(profile)
    const count = profile.layers.length
    return attention.flatMap((a) =>
      attention.map((b): Cell[] => [
        panel(profile),
        a,
        b,
        Number(matrix[a * count + b].toFixed(3)),
      ]),
    )
  })
  return {
    name: 'fig9-correlation',
    title: 'Correlation of attention sparsity between layers',
    columns: ['network', 'layer', 'other layer', 'correlation'],
    rows,
  }
}

/** Mean correlation between attention layers, in words. */
export function correlationText(profile: NetworkProfile): string {
  const keep = profile.layers.map(({ operator }) => operator === 'attention')
  const attention: NetworkProfile = {
    ...profile,
    layers: profile.layers.filter((_, i) => keep[i]),
    samples: profile.samples.map((sample) => ({
      ...sample,
      layers: sample.layers.filter((_, i) => keep[i]),
    })),
  }
  return `${profile.name} ${meanCorrelation(attention).toFixed(2)} (${profile.provenance})`
}
