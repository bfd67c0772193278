import { readFileSync } from 'node:fs'
import { formatNumber, formatPercent, formatSi } from '../src/base/index.js'
import {
  tableConventions,
  type TableConventions,
  type TableMetric,
} from '../src/cost/scheduling-table/index.js'
import { readNetwork, readTableAccelerator } from '../src/formats/index.js'
import { distinctLayers, tableSearches } from '../src/map/index.js'
import { quietRun, tableLayer, type TableAccelerator, type TableLayer } from '../src/model/index.js'
import { resolveInput } from '../src/presets/index.js'
import { textTable } from '../src/report/index.js'
import type { BenchRow, Suite } from './bench-row.js'

interface Case {
  readonly accelerator: string
  readonly network: string
  readonly metric: TableMetric
  readonly dataflow: 'fixed' | 'flexible'
  readonly targetS?: number
  readonly published?: string
}

const cases: readonly Case[] = [
  {
    accelerator: 'eyeriss',
    network: 'resnet50',
    metric: 'energy',
    dataflow: 'fixed',
    targetS: 1,
    published: '73 s CPU, 21 % above on average',
  },
  {
    accelerator: 'eyeriss',
    network: 'resnet50',
    metric: 'cycles',
    dataflow: 'fixed',
    targetS: 1,
    published: '42 % above on average',
  },
  { accelerator: 'eyeriss', network: 'resnet50', metric: 'edp', dataflow: 'fixed' },
  {
    accelerator: 'eyeriss',
    network: 'resnet50',
    metric: 'energy',
    dataflow: 'flexible',
    targetS: 3,
    published: '634 s CPU (estimate), 8 % above',
  },
  {
    accelerator: 'eyeriss',
    network: 'mobilenetv3-small',
    metric: 'energy',
    dataflow: 'fixed',
    targetS: 5,
    published: '141 s CPU (estimate), 9 % above',
  },
  {
    accelerator: 'eyeriss',
    network: 'inception-v4',
    metric: 'energy',
    dataflow: 'fixed',
    targetS: 5,
    published: '562 s CPU (estimate)',
  },
  {
    accelerator: 'simba',
    network: 'resnet50',
    metric: 'energy',
    dataflow: 'fixed',
    targetS: 120,
    published: '402 s CPU (estimate), 96 % above',
  },
  { accelerator: 'simba', network: 'resnet50', metric: 'cycles', dataflow: 'fixed', targetS: 120 },
  { accelerator: 'simba', network: 'resnet50', metric: 'edp', dataflow: 'fixed' },
  {
    accelerator: 'simba',
    network: 'resnet50',
    metric: 'energy',
    dataflow: 'flexible',
    published: '2477 s CPU (estimate)',
  },
  { accelerator: 'eyeriss', network: 'vgg16', metric: 'edp', dataflow: 'fixed' },
  { accelerator: 'simba', network: 'vgg16', metric: 'energy', dataflow: 'fixed' },
  { accelerator: 'simba', network: 'bert-base', metric: 'edp', dataflow: 'flexible' },
]

/** Every layer of whole networks mapped with a proof, one after the other on one thread (CPU time); then the published heuristic beside it. */
export const suite: Suite = async () => {
  const rows: BenchRow[] = []
  for (const semantics of ['published', 'standard'] as const)
    for (const each of cases) rows.push(measure(each, tableConventions[semantics]))
  const bottomUp = tableSearches['bottom-up']
  if (bottomUp !== undefined)
    for (const [accelerator, metric] of [
      ['eyeriss', 'energy'],
      ['eyeriss', 'cycles'],
      ['simba', 'energy'],
    ] as const)
      printGaps(accelerator, 'resnet50', metric)
  return rows
}

function layersOf(network: string): TableLayer[] {
  const text = readFileSync(resolveInput(network, 'networks'), 'utf8')
  return readNetwork(text, network).layers.flatMap((layer) => tableLayer(layer) ?? [])
}

function acceleratorOf(name: string): TableAccelerator {
  return readTableAccelerator(readFileSync(resolveInput(name, 'accelerators'), 'utf8'), name)
}

function measure(each: Case, conventions: TableConventions): BenchRow {
  const { metric, dataflow } = each
  const accelerator = acceleratorOf(each.accelerator)
  const layers = layersOf(each.network)
  const distinct = distinctLayers(layers).first
  const cpu = process.cpuUsage()
  const started = performance.now()
  const results = distinct.map((i) =>
    tableSearches['optimal'](accelerator, layers[i], { metric, dataflow, conventions }, quietRun),
  )
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const proven = results.filter((result) => result.status === 'optimal').length
  const costed = results.reduce((sum, result) => sum + result.evaluations, 0)
  return {
    name: `${each.accelerator} ${each.network} ${dataflow} ${metric}, ${conventions.name}`,
    measured: formatSi((user + system) / 1e6, 's', 3),
    ...(each.targetS === undefined ? {} : { target: `< ${each.targetS} s` }),
    ...(each.published === undefined || conventions.name === 'standard'
      ? {}
      : { published: each.published }),
    note: `${proven}/${results.length} shapes (${layers.length} layers) proven, ${formatNumber(costed, 12)} costed; ${formatSi(seconds, 's', 3)} on the clock`,
  }
}

/** The published bottom-up search beside the proven optimum, layer by layer, both in the published semantics. */
function printGaps(acceleratorName: string, network: string, metric: TableMetric): void {
  const accelerator = acceleratorOf(acceleratorName)
  const options = { metric, dataflow: 'fixed', conventions: tableConventions.published } as const
  const layers = layersOf(network)
  const solved = distinctLayers(layers)
  const seconds = { optimal: 0, heuristic: 0 }
  const timed = (name: string, key: keyof typeof seconds, layer: TableLayer): number => {
    const started = performance.now()
    const { objective } = tableSearches[name](accelerator, layer, options, quietRun)
    seconds[key] += (performance.now() - started) / 1000
    return objective
  }
  const pairs = solved.first.map((i) => [
    timed('optimal', 'optimal', layers[i]),
    timed('bottom-up', 'heuristic', layers[i]),
  ])
  const rows = layers.map((layer, i) => ({ layer, pair: pairs[solved.of[i]] }))
  const gaps = rows.map(({ pair: [optimum, heuristic] }) => heuristic / optimum - 1)
  const title = `${network} on ${acceleratorName}, ${metric}: bottom-up beside the optimum`
  const table = textTable(
    [
      { title: 'layer', align: 'left', cell: (row) => row.layer.name },
      { title: 'optimum', cell: (row) => formatNumber(row.pair[0], 7) },
      { title: 'bottom-up', cell: (row) => formatNumber(row.pair[1], 7) },
      { title: 'above', cell: (row) => formatPercent(row.pair[1] / row.pair[0] - 1) },
    ],
    rows,
  )
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length
  process.stdout.write(
    `\n${title}\n${table}\nmean ${formatPercent(mean)}, worst ${formatPercent(Math.max(...gaps))}; optimum ${formatSi(seconds.optimal, 's', 3)}, bottom-up ${formatSi(seconds.heuristic, 's', 3)}\n`,
  )
}
