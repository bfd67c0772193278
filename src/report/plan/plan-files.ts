import { formatNumber, formatPercent } from '../../base/index.js'
import type { PlanResult } from '../../plan/index.js'
import { renderPage, tableSection, type Section } from '../page.js'
import { perfettoTrace, type TraceEvent } from '../perfetto.js'
import { csvTable } from '../table.js'
import { loadSvg } from './bars.js'
import { ganttSvg, type GanttBar } from './gantt.js'
import {
  bestVariant,
  planDocument,
  type PlannedVariant,
  type PlannedVariants,
} from './plan-document.js'
import {
  chipColumns,
  loadColumns,
  networkColumns,
  operationColumns,
  policyColumns,
  serviceColumns,
  serviceRows,
  stackColumns,
  stackRows,
  variantColumns,
  workColumns,
  workRows,
} from './plan-tables.js'
import { impossibleText, partOf, settingsText, whyBest } from './plan-text.js'

/** Everything that `--out` writes for a plan. */
export function planFiles(planned: PlannedVariants, commandLine: string): Map<string, string> {
  const { variants } = planned
  const best = bestVariant(variants)
  const { result } = best
  const files = new Map<string, string>()
  const rows = coreRows(result)
  const figures = {
    together: ganttSvg(togetherBars(result), rows, 'time, ms'),
    load: loadSvg(result),
    requests: ganttSvg(
      requestBars(result),
      result.networks.map((each) => each.name),
      'time, s',
    ),
  }
  for (const [name, svg] of Object.entries(figures)) files.set(`${name}.svg`, svg)
  files.set('networks.csv', csvTable(networkColumns, result.networks))
  const stacks = stackRows(result.networks)
  if (stacks.length > 0) files.set('stacks.csv', csvTable(stackColumns, stacks))
  files.set('loads.csv', csvTable(loadColumns, result.loads))
  files.set('work.csv', csvTable(workColumns, workRows(result.networks)))
  files.set('service.csv', csvTable(serviceColumns, serviceRows(result)))
  files.set('policies.csv', csvTable(policyColumns, result.policies))
  if (variants.length > 1) files.set('variants.csv', csvTable(variantColumns(variants), variants))
  for (const network of result.networks) {
    files.set(`operations-${network.name}.csv`, csvTable(operationColumns, network.operations))
  }
  files.set(
    'plan.json',
    JSON.stringify(planDocument(planned, { hits: 0, misses: 0 }), null, 1) + '\n',
  )
  files.set('trace.json', perfettoTrace(traceEvents(result)))
  files.set(
    'report.html',
    renderPage({
      title: `Plan: ${result.scenario.name}`,
      lead: result.scenario.description,
      sections: sections(planned, best, figures, rows),
      footer: `Made with: ${commandLine}`,
    }),
  )
  return files
}

function sections(
  { variants, impossible }: PlannedVariants,
  best: PlannedVariant,
  figures: Readonly<Record<'together' | 'load' | 'requests', string>>,
  rows: readonly string[],
): Section[] {
  const { result } = best
  const { layers, scenario } = result
  return [
    {
      kind: 'facts',
      facts: [
        {
          label: 'requests that miss their deadline',
          value: formatPercent(result.best.violationRate, 2),
        },
        { label: 'under policy', value: result.best.policy },
        { label: 'mean latency', value: `${formatNumber(result.best.meanLatencyMs, 4)} ms` },
        {
          label: '99 % of requests within',
          value: `${formatNumber(result.best.p99LatencyMs, 4)} ms`,
        },
        { label: 'power of the operations', value: `${formatNumber(result.powerW, 4)} W` },
        {
          label: 'loop nests proven optimal',
          value: `${layers.optimal} of ${layers.problems - layers.infeasible}`,
        },
      ],
    },
    tableSection(
      serviceColumns,
      serviceRows(result),
      `How the requests of each network fare under ${result.best.policy}, and what they cost.`,
    ),
    { kind: 'heading', text: 'What limits it' },
    { kind: 'text', paragraphs: result.limits },
    ...(variants.length > 1
      ? ([
          { kind: 'heading', text: 'Variants' },
          tableSection(
            variantColumns(variants),
            variants,
            `Best: ${settingsText(best)}, ${whyBest(variants)}. Everything else on this page is this variant.`,
          ),
        ] satisfies Section[])
      : []),
    ...(impossible.length > 0
      ? [{ kind: 'text' as const, paragraphs: impossible.map(impossibleText) }]
      : []),
    { kind: 'heading', text: `The chip: ${scenario.chip.name}` },
    tableSection(chipColumns, scenario.chip.cores, interconnectText(scenario)),
    { kind: 'heading', text: '1. Loop nests on every kind of core (map)' },
    {
      kind: 'text',
      paragraphs: [
        `${layers.problems} distinct pairs of loop nest and accelerator were mapped; ${layers.optimal} mappings are proven optimal${layers.infeasible > 0 ? `; ${layers.infeasible} loop nests are nothing that their accelerator can run` : ''}. Time and energy of everything else come from the ceilings of its core.`,
        ...result.networks.flatMap(({ name, densities }) =>
          densities === null ? [] : [`${name}: ${densities}.`],
        ),
        ...assumptions(result),
      ],
    },
    ...stackSections(result),
    { kind: 'heading', text: '2. Operations on cores (place)' },
    tableSection(
      networkColumns,
      result.networks,
      `Each network alone on ${partOf(scenario.serve.partitions)}.`,
    ),
    {
      kind: 'figure',
      svg: figures.together,
      caption: `One input of every network at once: ${formatNumber(result.together.makespanUs / 1000)} ms, at least ${formatNumber(result.together.lowerBoundUs / 1000)} ms.`,
    },
    tableSection(workColumns, workRows(result.networks), 'Where the time of each network goes.'),
    ...result.networks.map((network): Section => ({
      kind: 'details',
      summary: `${network.name}: ${network.operations.length} operations, ${formatNumber(network.makespanUs / 1000)} ms`,
      sections: [
        {
          kind: 'figure',
          svg: ganttSvg(
            network.operations.map((each): GanttBar => ({
              row: `${each.core} ${each.coreId}`,
              start: each.startUs / 1000,
              end: each.endUs / 1000,
              group: each.type,
              title: `${each.name} (${each.type}) ${formatNumber(each.endUs - each.startUs)} µs`,
            })),
            rows,
            'time, ms',
          ),
          caption: 'Alone, coloured by operator.',
        },
        tableSection(operationColumns, network.operations),
      ],
    })),
    { kind: 'heading', text: '3. Load at the asked rates' },
    {
      kind: 'figure',
      svg: figures.load,
      caption: 'Busy fraction of every kind of core when all requests are served.',
    },
    tableSection(loadColumns, result.loads),
    { kind: 'heading', text: '4. Requests on the placed chip (serve)' },
    {
      kind: 'text',
      paragraphs: [
        `Each request runs on ${partOf(scenario.serve.partitions)} and may be interrupted between operations. ${scenario.serve.seconds} s were simulated under ${scenario.serve.policies.length} policies on the same ${scenario.serve.seeds} streams.`,
      ],
    },
    tableSection(policyColumns, result.policies),
    {
      kind: 'figure',
      svg: figures.requests,
      caption: `Who ran when under ${result.best.policy}: the beginning of the first stream.`,
    },
  ]
}

/** Every assumption once, with the networks that it holds for. */
function assumptions({ networks }: PlanResult): string[] {
  const all = new Map<string, string[]>()
  for (const { name, assumptions: own } of networks)
    for (const text of own) all.set(text, [...(all.get(text) ?? []), name])
  return [...all].map(([text, names]) => `${names.join(', ')}: ${text}.`)
}

function interconnectText({ chip: { interconnect } }: PlanResult['scenario']): string {
  if (interconnect === undefined) return 'Cores hand data over at no cost.'
  const { kind, gbytesPerS, latencyUs, contention } = interconnect
  const speed = gbytesPerS === Infinity ? 'unlimited bandwidth' : `${formatNumber(gbytesPerS)} GB/s`
  return `Cores hand data over by ${kind === 'bus' ? 'a bus' : 'links'} of ${speed}, ${formatNumber(latencyUs)} µs each${contention ? ', one transfer at a time' : ''}.`
}

/** The depth-first stacks, where there are any. */
function stackSections({ networks }: PlanResult): Section[] {
  const stacks = stackRows(networks)
  if (stacks.length === 0) return []
  return [
    tableSection(
      stackColumns,
      stacks,
      'Layers that run depth-first together (fuse), beside the same layers one by one on the same core. All other layers run alone.',
    ),
  ]
}

function coreRows({ scenario }: PlanResult): string[] {
  return scenario.chip.cores.flatMap(({ name, count }) =>
    Array.from({ length: count }, (_, i) => `${name} ${i}`),
  )
}

function togetherBars({ together }: PlanResult): GanttBar[] {
  return together.operations.map((each) => ({
    row: `${each.core} ${each.coreId}`,
    start: each.startUs / 1000,
    end: each.endUs / 1000,
    group: each.network,
    title: `${each.network}: ${each.name} (${each.type}) ${formatNumber(each.endUs - each.startUs)} µs`,
  }))
}

function requestBars({ runs, best }: PlanResult): GanttBar[] {
  const run = runs.find((each) => each.policy === best.policy && each.segments.length > 0)
  return (run?.segments ?? []).map((segment) => ({
    row: segment.network,
    start: segment.startS,
    end: segment.endS,
    group: segment.network,
    title: `request ${segment.request} of ${segment.network}`,
  }))
}

/** The placed networks and the served requests as one trace: chip time in µs, requests below. */
function traceEvents(result: PlanResult): TraceEvent[] {
  const placed = result.together.operations.map((each): TraceEvent => ({
    name: each.name,
    process: 'chip, all networks at once',
    track: `${each.core} ${each.coreId}`,
    startUs: each.startUs,
    durationUs: each.endUs - each.startUs,
    args: { network: each.network, type: each.type, energyPj: each.energyPj },
  }))
  const served = requestBars(result).map((bar): TraceEvent => ({
    name: bar.title,
    process: `requests under ${result.best.policy}`,
    track: bar.row,
    startUs: bar.start * 1e6,
    durationUs: (bar.end - bar.start) * 1e6,
  }))
  return [...placed, ...served]
}
