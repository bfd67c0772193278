import { formatPercent } from '../../base/index.js'
import type { NetworkProfile } from '../../model/index.js'
import { patternEffects, spread, type PatternEffect } from '../../profile/index.js'
import { tableSection, type Section } from '../page.js'
import { csvTable, type Column } from '../table.js'
import { valueHistogram } from './figures.js'

/** What the pattern of pruning does to one layer, over all samples. */
export interface PruningRow {
  readonly layer: number
  readonly name: string
  readonly weightPattern: string
  readonly weightDensity: number
  /** Valid over dense MACs with the weights as they are, and if they were pruned by input channels. */
  readonly measured: Brief
  readonly channel: Brief
}

interface Brief {
  readonly mean: number
  readonly deviation: number
  readonly min: number
  readonly max: number
  readonly relativeRange: number
}

/** One row per layer with zero weights. */
export function pruningRows(profile: NetworkProfile): PruningRow[] {
  return patternEffects(profile).map((effect) => ({
    layer: effect.layer,
    name: profile.layers[effect.layer].name,
    weightPattern: patternOf(profile, effect),
    weightDensity: effect.weightDensity,
    measured: brief(effect.measured),
    channel: brief(effect.channel),
  }))
}

const columns: readonly Column<PruningRow>[] = [
  { title: 'layer', cell: (row) => row.layer },
  { title: 'name', align: 'left', cell: (row) => row.name },
  { title: 'pattern', align: 'left', cell: (row) => row.weightPattern },
  { title: 'weights left', cell: (row) => formatPercent(row.weightDensity) },
  { title: 'valid MACs', cell: (row) => formatPercent(row.measured.mean) },
  { title: 'relative range', cell: (row) => formatPercent(row.measured.relativeRange) },
  { title: 'by channels: valid MACs', cell: (row) => formatPercent(row.channel.mean) },
  { title: 'relative range', cell: (row) => formatPercent(row.channel.relativeRange) },
]

const csvColumns: readonly Column<PruningRow>[] = [
  { title: 'layer', cell: (row) => row.layer },
  { title: 'name', cell: (row) => row.name },
  { title: 'weight_pattern', cell: (row) => row.weightPattern },
  { title: 'weight_density', cell: (row) => row.weightDensity },
  ...(['measured', 'channel'] as const).flatMap((pattern): Column<PruningRow>[] =>
    (['mean', 'deviation', 'min', 'max'] as const).map((figure) => ({
      title: `${pattern}_macs_${figure}`,
      cell: (row) => row[pattern][figure],
    })),
  ),
]

/** Section and files of a profile whose network was pruned; empty for a dense one. */
export function pruningReport(profile: NetworkProfile): {
  readonly sections: readonly Section[]
  readonly files: ReadonlyMap<string, string>
} {
  const effects = patternEffects(profile)
  const last = effects.at(-1)
  if (last === undefined) return { sections: [], files: new Map() }
  const rows = pruningRows(profile)
  const svg = patternHistogram(profile, last)
  const name = profile.layers[last.layer].name
  return {
    sections: [
      { kind: 'heading', text: 'Which weights were pruned matters' },
      {
        kind: 'figure',
        svg,
        caption: `Valid MACs of the last pruned layer (${name}) over their joint mean: with its weights as they are, and if as many were missing as whole input channels.`,
      },
      tableSection(
        columns,
        rows,
        'Valid over dense multiply-accumulates of each pruned layer, means over all samples',
      ),
    ],
    files: new Map([
      [`figures/${profile.name}-pruning.svg`, svg],
      [`figures/${profile.name}-pruning.csv`, csvTable(csvColumns, rows)],
    ]),
  }
}

/** The published histogram: both patterns, each value over the joint mean. */
function patternHistogram(profile: NetworkProfile, effect: PatternEffect): string {
  const own = `measured (${patternOf(profile, effect)})`
  const joint = spread([...effect.measured, ...effect.channel]).mean || 1
  const rows = (series: string, values: Float64Array): { series: string; value: number }[] =>
    Array.from(values, (value) => ({ series, value: value / joint }))
  return valueHistogram(
    profile,
    [...rows(own, effect.measured), ...rows('by channels', effect.channel)],
    [own, 'by channels'],
    'valid MACs / joint mean',
    'over',
  )
}

function patternOf(profile: NetworkProfile, { layer }: PatternEffect): string {
  return profile.layers[layer].weightPattern ?? 'random'
}

function brief(values: Float64Array): Brief {
  const { mean, deviation, min, max, relativeRange } = spread(values)
  return { mean, deviation, min, max, relativeRange }
}
