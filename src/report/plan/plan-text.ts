import { formatNumber, formatPercent } from '../../base/index.js'
import { textTable } from '../table.js'
import {
  bestVariant,
  type ImpossibleVariant,
  type PlannedVariant,
  type PlannedVariants,
} from './plan-document.js'
import {
  loadColumns,
  networkColumns,
  policyColumns,
  serviceColumns,
  serviceRows,
  stackColumns,
  stackRows,
  variantColumns,
} from './plan-tables.js'

/** The plan for a terminal: variants if there are several, then the best one level by level. */
export function planText({ variants, impossible }: PlannedVariants): string {
  const best = bestVariant(variants)
  const { result } = best
  const { layers } = result
  const stacks = stackRows(result.networks)
  const parts = result.scenario.serve.partitions
  return [
    ...(variants.length > 1
      ? [
          textTable(variantColumns(variants), variants),
          '',
          `best: ${settingsText(best)}, ${whyBest(variants)}`,
          '',
        ]
      : []),
    ...(impossible.length > 0 ? [...impossible.map(impossibleText), ''] : []),
    `map    ${layers.problems} distinct loop nests, ${layers.optimal} proven optimal${layers.infeasible > 0 ? `, ${layers.infeasible} that their core cannot run` : ''}`,
    ...result.networks.flatMap(({ name, densities }) =>
      densities === null ? [] : [`       ${name}: ${densities}`],
    ),
    ...(stacks.length > 0
      ? ['', 'fuse   depth-first stacks that are used', textTable(stackColumns, stacks)]
      : []),
    '',
    `place  each network alone on ${partOf(parts)}`,
    textTable(networkColumns, result.networks),
    `       one input of every network at once: ${formatNumber(result.together.makespanUs / 1000)} ms (bound ${formatNumber(result.together.lowerBoundUs / 1000)} ms)`,
    '',
    'load   at the asked rates',
    textTable(loadColumns, result.loads),
    '',
    `serve  one request at a time on ${parts === 1 ? 'the chip' : `each of ${parts} parts of the chip`}, interrupted between operations`,
    textTable(policyColumns, result.policies),
    '',
    `       networks under ${result.best.policy}`,
    textTable(serviceColumns, serviceRows(result)),
    '',
    ...result.limits.map((sentence) => `• ${sentence}`),
  ].join('\n')
}

/** Why the best variant is the best: its objective beside that of the next one. */
export function whyBest(variants: readonly PlannedVariant[]): string {
  const best = bestVariant(variants)
  const { name, value, unit } = best.result.objective
  const shown = (each: number): string =>
    name === 'violations'
      ? formatPercent(each, 2)
      : `${formatNumber(each)}${unit === '' ? '' : ` ${unit}`}`
  const others = variants.filter((each) => each !== best)
  const next = others.reduce((a, b) =>
    b.result.objective.value < a.result.objective.value ? b : a,
  )
  const other = next.result.objective.value
  return other === value
    ? `the first of ${variants.filter((each) => each.result.objective.value === value).length} variants with the smallest ${name}, ${shown(value)}`
    : `because its ${name}, ${shown(value)}, is the smallest; the next is ${shown(other)} with ${settingsText(next)}`
}

/** `not possible: a=1 (why not)`. */
export function impossibleText(variant: ImpossibleVariant): string {
  return `not possible: ${settingsText(variant)} (${variant.reasons.join('; ')})`
}

/** `a=1, b=2`. */
export function settingsText({ settings }: Pick<PlannedVariant, 'settings'>): string {
  return Object.entries(settings)
    .map(([path, value]) => `${path}=${value}`)
    .join(', ')
}

/** What a request runs on. */
export function partOf(parts: number): string {
  return parts === 1 ? 'the whole chip' : `one of ${parts} equal parts of the chip`
}
