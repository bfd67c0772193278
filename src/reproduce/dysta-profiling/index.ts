import { formatPercent } from '../../base/index.js'
import { layerValues, spread, validMacRatios } from '../../profile/index.js'
import type { Chart } from '../chart.js'
import type { ReproducedFigure, ReproducedTable, Reproduction } from '../reproduction.js'
import {
  correlationText,
  latencySpread,
  layerCorrelations,
  patternFormula,
  patternHistograms,
  patternText,
  relativeRanges,
  sparsityQuartiles,
  type ProfileSets,
} from './tables.js'

const parts = {
  fig2: 'spread of the latency of attention layers',
  fig3: 'box plot of layer sparsity',
  fig4: 'valid MACs of networks really pruned in different patterns of equal sparsity',
  'fig4-formula': 'valid MACs under random pruning and, by the published formula, channel pruning',
  fig9: 'correlation of sparsity between layers',
  table2: 'relative range of valid MACs per network',
}
type Part = keyof typeof parts

const presets = ['micro-cnn', 'micro-attention', 'calibrated-cnn', 'calibrated-attention'] as const

/** Published figures of Table 2, from memory of the paper: to be read as orders of magnitude. */
const publishedRange = { resnet50: 'about 15 %', vgg16: 'about 22 %' }

interface Outcome {
  readonly tables: Readonly<Record<Part, ReproducedTable>>
  readonly findings: Readonly<Record<Part, string>>
}

/**
 * The motivation figures of Sparse-DySta (Fan et al. 2023) from the shipped profiles. The published image sets and
 * networks are not redistributable, so every figure says which of its panels were measured on micro networks and which
 * are drawn from a calibrated model.
 */
export const dystaProfiling: Reproduction = {
  parts,
  plan: (_wanted, inputs) => [
    Object.fromEntries(presets.map((preset) => [preset, inputs.profiles(preset)])),
  ],
  work: (job): Outcome => {
    const sets = job as ProfileSets
    const cnn = sets['calibrated-cnn']
    const micro = sets['micro-cnn']
    const attention = [...sets['calibrated-attention'], ...sets['micro-attention']]
    const randoms = cnn.filter((profile) => profile.name.includes('_random'))
    const dense = micro.filter((profile) => profile.name === profile.network)
    const bert = attention.find((profile) => profile.name === 'bert') ?? attention[0]
    const lastLatency = layerValues(bert, bert.layers.length - 1, (m) => m.latencyS)
    const last = spread(lastLatency)
    const resnet = randoms.find((profile) => profile.network === 'resnet50') ?? randoms[0]
    const pruned = [...micro, ...sets['micro-attention']].filter((profile) =>
      profile.name.includes('_random'),
    )
    const correlated = attention.filter((profile) => profile.name === profile.network)
    return {
      tables: {
        fig2: latencySpread(correlated),
        fig3: sparsityQuartiles([...dense, ...randoms]),
        fig4: patternHistograms([
          ...micro,
          ...cnn.filter((profile) => profile.network === 'resnet50'),
        ]),
        'fig4-formula': patternFormula(pruned),
        fig9: layerCorrelations(
          correlated.filter(({ network }) => network === 'bert' || network === 'gpt2'),
        ),
        table2: relativeRanges([...micro, ...cnn], publishedRange),
      },
      findings: {
        fig2: `Fig. 2: the last layer of ${bert.name} takes ${(last.min / last.mean).toFixed(2)} to ${(last.max / last.mean).toFixed(2)} of its mean (${bert.provenance}); published: about 0.6 to 1.8 (recalled).`,
        fig3: `Fig. 3: layers differ by tens of percent between samples, in measured micro networks (${dense.map((profile) => profile.name).join(', ')}) as in the calibrated ones.`,
        fig4: 'Fig. 4: at equal weight sparsity the patterns give different distributions of valid MACs where the weights were retrained (micro networks); hash-pruned weights (resnet50) differ in mean by their rounding only.',
        'fig4-formula': `Fig. 4 by the formula: ${pruned.map(patternText).join('; ')}. The published program takes the density of all input channels, which is what pruned filters leave; here the density is that of the channels that stay.`,
        fig9: `Fig. 9: mean correlation between layers: ${correlated.map(correlationText).join(', ')}; published: high and mostly positive.`,
        table2: `Table 2: relative range ${formatPercent(spread(validMacRatios(resnet)).relativeRange)} for ${resnet.name}, which is calibrated to the published 15 %; measured micro-cnn: ${micro.map((profile) => `${profile.name} ${formatPercent(spread(validMacRatios(profile)).relativeRange)}`).join(', ')}.`,
      },
    }
  },
  assemble: (wanted, _jobs, results) => {
    const { tables, findings } = results[0] as Outcome
    const chosen = wanted as readonly Part[]
    const figures = chosen.flatMap((part): ReproducedFigure[] => {
      const chart = charts[part]
      if (chart === undefined) return []
      const table = tables[part]
      return [{ name: table.name, title: table.title, caption: findings[part], table, chart }]
    })
    return {
      figures,
      tables: chosen.filter((part) => charts[part] === undefined).map((part) => tables[part]),
      findings: chosen.map((part) => findings[part]),
    }
  },
}

const patternHistogram: Chart = {
  kind: 'lines',
  x: 'valid MACs / joint mean',
  y: 'share of samples',
  series: 'pattern',
  facet: 'network',
  xScale: 'linear',
  scale: 'linear',
}

const charts: Partial<Record<Part, Chart>> = {
  fig2: {
    kind: 'lines',
    x: 'latency / mean',
    y: 'share of samples',
    series: 'layer',
    facet: 'network',
    xScale: 'linear',
    scale: 'linear',
  },
  fig3: {
    kind: 'boxes',
    x: 'layer',
    low: 'min',
    q1: 'q1',
    median: 'median',
    q3: 'q3',
    high: 'max',
    label: 'layer sparsity',
    facet: 'network',
  },
  fig4: patternHistogram,
  'fig4-formula': patternHistogram,
  fig9: {
    kind: 'heatmap',
    x: 'layer',
    y: 'other layer',
    value: 'correlation',
    facet: 'network',
    scale: 'linear',
    decimals: 2,
  },
}
