import type { NetworkProfile } from '../../model/index.js'

/** Columns of a profile's rows, after its remarks; `serve` reads the first four. */
export const profileColumns = [
  'sample',
  'layer',
  'latency_s',
  'sparsity',
  'input_zeros',
  'output_zeros',
  'valid_macs',
  'dense_macs',
  'cycles',
  'dataset',
] as const

/** Column that only profiles of pruned networks have. */
export const channelMacsColumn = 'channel_macs'

const rounded = (macs: number | undefined): number | '' =>
  macs === undefined ? '' : Math.round(macs)

/**
 * A profile as CSV: a trace that `serve` reads, with everything else that was measured. Remark lines carry provenance,
 * generator and one line per layer. Zero fractions have six decimals. The column of MACs left by channel pruning is there
 * when a layer has zero weights.
 */
export function writeProfile(profile: NetworkProfile): string {
  const fraction = (value: number): string => String(Number(value.toFixed(6)))
  const hasChannelMacs = profile.samples.some(({ layers }) =>
    layers.some((each) => each.channelPrunedMacs !== undefined),
  )
  const lines = [
    `# ${profile.provenance} trace of ${profile.name}: ${profile.samples.length} samples of ${profile.layers.length} layers on ${profile.accelerator}`,
    `# name: ${profile.name}`,
    `# network: ${profile.network}`,
    `# provenance: ${profile.provenance}`,
    `# accelerator: ${profile.accelerator}`,
    `# generator: ${profile.generator}`,
    ...profile.layers.map((layer, i) => {
      const weights =
        layer.weightZeros === undefined
          ? ''
          : `; weight zeros ${fraction(layer.weightZeros)} ${layer.weightPattern ?? 'random'}`
      return `# layer-${i}: ${layer.name}; ${layer.operator}; ${layer.shape}; ${layer.denseMacs} macs; ${layer.weights} weights${weights}`
    }),
    [...profileColumns, ...(hasChannelMacs ? [channelMacsColumn] : [])].join(','),
  ]
  profile.samples.forEach(({ dataset, layers }, sample) => {
    layers.forEach((each, layer) => {
      const cells = [
        sample,
        layer,
        each.latencyS,
        fraction(each.sparsity),
        fraction(each.inputZeros),
        fraction(each.outputZeros),
        Math.round(each.validMacs),
        each.denseMacs,
        each.cycles,
        dataset,
        ...(hasChannelMacs ? [rounded(each.channelPrunedMacs)] : []),
      ]
      lines.push(cells.join(','))
    })
  })
  return lines.join('\n') + '\n'
}
