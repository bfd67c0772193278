import { InfeasibleError, InputError, suggestName } from '../../base/index.js'
import {
  evaluateMapping,
  hierarchicalConventions,
  hierarchicalProblem,
  type HierarchicalConventionsName,
} from '../../cost/hierarchical/index.js'
import { readHierarchicalAccelerator } from '../../formats/index.js'
import { readZigzagAccelerator } from '../../formats/zigzag/index.js'
import {
  bypassChoices,
  orderingSearches,
  type BypassChoice,
  type OrderingSearch,
} from '../../map/hierarchical/index.js'
import {
  bypassing,
  lowerTableAccelerator,
  type HierarchicalAccelerator,
  type Workload,
} from '../../model/index.js'
import { readInput } from '../../presets/index.js'
import {
  hierarchicalDocument,
  hierarchicalFiles,
  hierarchicalText,
  type HierarchicalNetworkResult,
} from '../../report/hierarchical/index.js'
import { formOf, wrongForm } from '../inputs/form-of.js'
import { findLayer, readAcceleratorOption } from '../inputs/table-inputs.js'
import type {
  HierarchicalLayerJob,
  HierarchicalLayerOutcome,
} from '../jobs/map-hierarchical-layer.js'
import { readWorkload, type ImportSettings } from '../network-input.js'
import { unrolledByMapping } from './zigzag-mapping.js'
import type { Session } from '../session.js'
import type { VerbResult } from '../verb.js'

/** Options of `heddle map` that a hierarchical accelerator understands. */
export interface HierarchicalMapOptions extends ImportSettings {
  readonly accelerator: string
  readonly network: string
  /** Mapping file of ZigZag's, for the unrolling of every layer. */
  readonly mapping?: string
  readonly layer?: readonly string[]
  readonly metric: string
  readonly model?: string
  readonly search: string
  readonly lpfLimit: number
  readonly spatial: string
  readonly bypass: string
  readonly asPublished: boolean
  readonly conventions?: string
  readonly explain: boolean
  readonly timeLimit?: number
}

/** Unrollings that `--spatial auto` tries per layer. */
const spatialCandidateCount = 24

/** Whether these options ask for the hierarchical model: by name, or by the accelerator's form. */
export function wantsHierarchy(raw: Readonly<Record<string, unknown>>): boolean {
  if (raw['model'] !== undefined) return raw['model'] === 'hierarchical'
  if (typeof raw['accelerator'] !== 'string') return false
  const { file, text } = readInput(raw['accelerator'], 'accelerators')
  return ['hierarchical-accelerator', 'zigzag-accelerator'].includes(formOf(file, text) ?? '')
}

/**
 * `heddle map` on a hierarchical accelerator: loop orders and cuts, layer by layer.
 * @throws InputError, InfeasibleError
 */
export async function mapHierarchical(
  session: Session,
  options: HierarchicalMapOptions,
): Promise<VerbResult> {
  checkWords(options)
  const { accelerator, precisionBits } = readAccelerator(options.accelerator)
  const workload = unrolledByMapping(
    withPrecision(readWorkload(options.network, options), precisionBits),
    accelerator,
    options,
  )
  const wanted = new Set((options.layer ?? []).map((name) => findLayer(workload, name)))
  const chosen = workload.layers
    .map((layer, i) => ({ layer, index: i + 1 }))
    .filter((each) => wanted.size === 0 || wanted.has(each.index - 1))
  const semantics = conventionsOf(options)
  const metric = options.metric as HierarchicalLayerJob['metric']
  const jobs = chosen.map(({ layer }): HierarchicalLayerJob => ({
    accelerator,
    layer,
    semantics,
    metric,
    search: options.search as OrderingSearch,
    lpfLimit: options.lpfLimit,
    bypass: options.bypass as BypassChoice,
    // A lowered accelerator, or ZigZag's, says nothing of how it likes its layers unrolled.
    spatial:
      options.spatial === 'auto' ||
      (Object.keys(accelerator.unrolling).length === 0 &&
        layer.unrolling?.[accelerator.name] === undefined)
        ? spatialCandidateCount
        : 'given',
  }))
  const started = Date.now()
  let done = 0
  const outcomes = await session.runJobs<HierarchicalLayerJob, HierarchicalLayerOutcome>(
    'map-hierarchical-layer',
    jobs,
    {
      ...(options.timeLimit === undefined ? {} : { timeLimitS: options.timeLimit }),
      onDone: (job) => session.progress(jobs[job].layer.name, ++done / jobs.length),
    },
  )
  const infeasible = outcomes.flatMap((outcome) => outcome.infeasible ?? [])
  if (infeasible.length > 0) throw new InfeasibleError(infeasible)
  const conventions = hierarchicalConventions[semantics]
  const result: HierarchicalNetworkResult = {
    accelerator,
    network: workload.name,
    semantics,
    search: options.search,
    metric,
    seconds: (Date.now() - started) / 1000,
    layers: chosen.map(({ layer, index }, i) => {
      const { found, seconds } = outcomes[i]
      const { value: mapping, ...rest } = found!
      const seen = bypassing(accelerator, mapping.bypass ?? {})
      const problem = hierarchicalProblem(layer, seen, mapping.spatial, conventions)
      const cost = evaluateMapping(problem, mapping)
      if (cost.overflows.length > 0) {
        throw new Error(`the mapping of layer ${layer.name} over-fills ${cost.overflows[0].memory}`)
      }
      return { index, layer, seconds, result: { ...rest, value: { mapping, cost, problem } } }
    }),
  }
  return {
    json: hierarchicalDocument(result, options.explain),
    text: hierarchicalText(result, options.explain),
    files: () => hierarchicalFiles(result, session.commandLine),
  }
}

interface ReadAccelerator {
  readonly accelerator: HierarchicalAccelerator
  /** Bits of every operand, where the accelerator decides them and not the network. */
  readonly precisionBits?: number
}

function readAccelerator(value: string): ReadAccelerator {
  const { file, text } = readInput(value, 'accelerators')
  const form = formOf(file, text)
  if (form === 'hierarchical-accelerator') {
    return { accelerator: readHierarchicalAccelerator(text, file) }
  }
  if (form === 'zigzag-accelerator') return { accelerator: readZigzagAccelerator(text, file) }
  if (form === 'accelerator-cfg' || form === 'table-accelerator') {
    const table = readAcceleratorOption(value)
    return { accelerator: lowerTableAccelerator(table), precisionBits: table.precisionBits }
  }
  throw wrongForm(file, form, 'an accelerator', ['table-accelerator'])
}

function withPrecision(workload: Workload, bits: number | undefined): Workload {
  if (bits === undefined) return workload
  const precisionBits = { input: bits, weight: bits, output: bits, partialOutput: bits }
  return { ...workload, layers: workload.layers.map((layer) => ({ ...layer, precisionBits })) }
}

/** The conventions that the options name; `--as-published` is short for the published ones. */
function conventionsOf({
  conventions,
  asPublished,
}: HierarchicalMapOptions): HierarchicalConventionsName {
  if (conventions === undefined) return asPublished ? 'published' : 'standard'
  const names = Object.keys(hierarchicalConventions) as HierarchicalConventionsName[]
  const name = names.find((each) => each === conventions)
  if (name === undefined) {
    throw new InputError({
      code: 'E-MAP-004',
      message: `unknown --conventions "${conventions}"`,
      hint: suggestName(conventions, names),
    })
  }
  if (asPublished && name !== 'published') {
    throw new InputError({
      code: 'E-MAP-006',
      message: `--as-published asks for the published conventions, --conventions for "${name}"`,
      hint: 'give one of the two',
    })
  }
  return name
}

function checkWords(options: HierarchicalMapOptions): void {
  const known: readonly (readonly [
    'metric' | 'search' | 'spatial' | 'bypass',
    readonly string[],
  ])[] = [
    ['metric', ['energy', 'cycles', 'edp']],
    ['search', orderingSearches],
    ['spatial', ['given', 'auto']],
    ['bypass', bypassChoices],
  ]
  const problems = [
    ...(['accelerator', 'network'] as const)
      .filter((each) => options[each] === undefined)
      .map((each) => ({
        code: 'E-MAP-003',
        message: `--${each} is missing`,
        hint: `give a preset (heddle list ${each}s) or a file`,
      })),
    ...known
      .filter(([option, words]) => !words.includes(options[option]))
      .map(([option, words]) => ({
        code: 'E-MAP-004',
        message: `unknown --${option} "${options[option]}"`,
        hint: suggestName(options[option], words),
      })),
  ]
  if (problems.length > 0) throw new InputError(problems)
}
