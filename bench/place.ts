import { readFileSync } from 'node:fs'
import { createRng } from '../src/base/index.js'
import { readPlaceNetwork, readSoc } from '../src/formats/place/index.js'
import { quietRun, type Operation } from '../src/model/index.js'
import { checkSchedule, policies, published, type PlaceRequest } from '../src/place/index.js'
import type { BenchRow, Suite } from './bench-row.js'

function preset(path: string): string {
  return readFileSync(new URL(`../presets/${path}`, import.meta.url), 'utf8')
}

function xception(inputs: number, clockUs: number): PlaceRequest {
  const network = readPlaceNetwork(preset('networks/xception.yaml'), 'xception.yaml')
  if (network.costs === undefined) throw new Error('the preset has times')
  return {
    applications: [{ graph: network.graph, inputs }],
    soc: readSoc(preset('socs/grai.yaml'), 'grai.yaml'),
    costs: network.costs,
    clockUs,
  }
}

/** Layered random graph: every task reads up to three of the layer before; unrelated times on every processor. */
function layered(tasks: number, processors: number): PlaceRequest {
  const rng = createRng(1)
  const operations = Array.from({ length: tasks }, (_, i) => ({ name: `t${i}`, type: 'task' }))
  const rows = new Map<Operation, number[]>(
    operations.map((op) => [op, Array.from({ length: processors }, () => 1 + rng.below(99))]),
  )
  const width = 50
  const edges = []
  for (let t = width; t < tasks; t++) {
    const layer = Math.floor(t / width) - 1
    const readers = new Set(
      Array.from({ length: 1 + rng.below(3) }, () => layer * width + rng.below(width)),
    )
    for (const from of readers) edges.push({ from, to: t, volume: rng.below(40) })
  }
  const names = Array.from({ length: processors }, (_, p) => `p${p}`)
  return {
    applications: [{ graph: { kind: 'op-graph', name: 'layered', operations, edges }, inputs: 1 }],
    soc: {
      kind: 'soc',
      name: 'processors',
      cores: names.map((name) => ({ name, count: 1 })),
      interconnect: {
        kind: 'links',
        latencyUs: 0,
        usPerVolume: names.map((_, a) => names.map((__, b) => (a === b ? 0 : 1))),
        contention: false,
      },
    },
    costs: {
      cost: (operation, core) => ({
        latencyUs: rows.get(operation)?.[names.indexOf(core.name)] ?? 1,
      }),
    },
    clockUs: 0,
  }
}

/** Best of several runs, milliseconds. */
function best(runs: number, work: () => void): number {
  let least = Infinity
  for (let i = 0; i < runs; i++) {
    const started = performance.now()
    work()
    least = Math.min(least, performance.now() - started)
  }
  return least
}

export const suite: Suite = async () => {
  const rows: BenchRow[] = []
  const clocked = xception(16, 100)
  const graph = published.fifoGraphOf(clocked)
  const executor = new published.SelfTimed(graph, [4, 2], 16, 100)
  const npuFirst = published.npuFirstMapping(graph)
  rows.push({
    name: 'one evaluation, 2144 instances',
    measured: `${(1000 * best(200, () => executor.run(npuFirst))).toFixed(0)} µs`,
    target: '150 µs',
    published: '13.4 s',
  })
  const climb = best(3, () => {
    published.hillClimb(executor, graph, published.randomMapping(graph, 42), quietRun)
  })
  rows.push({
    name: 'published hill climbing, 401 evaluations',
    measured: `${(climb / 1000).toFixed(3)} s`,
    target: '0.5 s',
    published: '5544 s',
  })
  const metric = best(2, () => {
    published.throughputMetric((inputs) =>
      new published.SelfTimed(graph, [4, 2], inputs, 100).run(npuFirst),
    )
  })
  rows.push({
    name: 'throughput metric, 7 batch sizes, npu-first',
    measured: `${(metric / 1000).toFixed(3)} s`,
    target: '1 s',
    published: '7440 s',
  })
  const large = layered(10_000, 8)
  rows.push({
    name: 'HEFT, 10 000 tasks on 8 processors',
    measured: `${(best(2, () => policies['heft'].place(large, quietRun)) / 1000).toFixed(3)} s`,
    target: '1 s',
    note: 'with compilation and lower bounds',
  })
  for (const [clockUs, target] of [
    [100, '993 501'],
    [0, '976 100'],
  ] as const) {
    const request = xception(16, clockUs)
    const started = performance.now()
    const placed = policies['auto'].place(request, quietRun)
    const seconds = (performance.now() - started) / 1000
    const valid = checkSchedule(request, placed.schedule).violations.length === 0
    rows.push({
      name: `auto, xception × 16, ${clockUs > 0 ? 'clock 100 µs' : 'continuous'}`,
      measured: `${placed.makespanUs.toFixed(0)} µs in ${seconds.toFixed(1)} s`,
      target: `${target} µs in 10 s`,
      published: clockUs > 0 ? '1 045 101 µs' : '',
      note: `bound ${placed.lowerBoundUs.toFixed(0)}, schedule ${valid ? 'valid' : 'INVALID'}`,
    })
  }
  return rows
}
