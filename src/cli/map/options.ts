import { InputError, suggestName } from '../../base/index.js'
import { tableMetrics, type TableMetric } from '../../cost/scheduling-table/index.js'
import { tableSearches } from '../../map/index.js'
import type { ImportSettings } from '../network-input.js'

/** Options of `heddle map` after checking. */
export interface MapOptions extends ImportSettings {
  readonly accelerator: string
  readonly network: string
  /** Names or 1-based indices; empty for all. */
  readonly layer: readonly string[]
  readonly metric: TableMetric
  readonly search: string
  readonly dataflow: 'fixed' | 'flexible'
  readonly overlap: boolean
  readonly asPublished: boolean
  readonly compare: boolean
  readonly pareto: boolean
  readonly crossLayer: boolean
  /** Sibling layers, which read one input, that may share the chips. */
  readonly multiChip?: readonly string[]
  readonly explain: boolean
  readonly timeLimit?: number
}

/**
 * Checks the words among the options.
 * @throws InputError naming the nearest valid word of each
 */
export function checkMapOptions(raw: Readonly<Record<string, unknown>>): MapOptions {
  const options = { layer: [], ...raw } as unknown as MapOptions
  const problems = [
    ...unknownWord('metric', options.metric, tableMetrics),
    ...unknownWord('search', options.search, Object.keys(tableSearches)),
    ...unknownWord('dataflow', options.dataflow, ['fixed', 'flexible']),
  ]
  for (const required of ['accelerator', 'network'] as const) {
    if (options[required] === undefined) {
      problems.push({
        code: 'E-MAP-003',
        message: `--${required} is missing`,
        hint: `give a preset (heddle list ${required}s) or a file`,
      })
    }
  }
  if (problems.length > 0) throw new InputError(problems)
  return options
}

function unknownWord(
  option: string,
  word: string,
  known: readonly string[],
): { code: string; message: string; hint: string }[] {
  if (known.includes(word)) return []
  return [
    { code: 'E-MAP-004', message: `unknown --${option} "${word}"`, hint: suggestName(word, known) },
  ]
}
