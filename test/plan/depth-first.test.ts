import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readHierarchicalAccelerator, readScenario } from '../../src/formats/index.js'
import { createFuseEngine, type OverlapMode } from '../../src/fuse/index.js'
import { networkWorkload, quietRun, type OpGraph, type Scenario } from '../../src/model/index.js'
import { runPlan, steps, type PlanResult, type StepRunner } from '../../src/plan/index.js'
import { drawnDensities } from '../../src/plan/density-samples.js'
import { networkCosts, type CostedNetwork } from '../../src/plan/network-costs.js'
import { networkOperations } from '../../src/plan/network-operations.js'
import type { NetworkStack } from '../../src/plan/network-stacks.js'
import { stackableSegments } from '../../src/plan/stackable-segments.js'
import { keyword } from './keyword-network.js'

const accelerator = readHierarchicalAccelerator(
  readFileSync(
    fileURLToPath(new URL('../../presets/accelerators/meta-prototype-df.yaml', import.meta.url)),
    'utf8',
  ),
  'meta-prototype-df.yaml',
)

/** Runs every step once in this process and remembers it. */
const known = new Map<string, unknown>()
const runner: StepRunner = {
  run: (step, inputs) =>
    Promise.resolve(
      inputs.map((input) => {
        const key = JSON.stringify([step, input])
        if (!known.has(key)) known.set(key, steps[step](input, quietRun))
        return known.get(key) as ReturnType<(typeof steps)[typeof step]>
      }),
    ),
}

type Metric = 'energy' | 'cycles' | 'edp'

function scenario(metric: Metric, objective: Scenario['objective'], cpus: number): Scenario {
  return readScenario(
    `kind: scenario
name: test
chip:
  name: chip
  cores:
    - name: npu
      accelerator: meta-prototype-df
      clockMhz: 100
      metric: ${metric}
      schedule: depth-first
      deepestStack: 3
      sparsitySpeedup: 0.4
${cpus > 0 ? `    - { name: cpu, count: ${cpus}, roofline: { gopsPerS: 2, gbytesPerS: 1, pjPerOp: 5, pjPerByte: 9 } }` : ''}
networks:
  - { name: listen, model: keyword, rate: 0.5, arrivals: periodic, sloMs: 1000, density: { mean: 0.5, spread: 0, samples: 1 } }
serve: { policies: [fcfs], seconds: 20, seeds: 1 }
objective: ${objective}`,
    'test.yaml',
  )
}

async function plan(
  metric: Metric,
  objective: Scenario['objective'],
  cpus = 0,
): Promise<PlanResult> {
  const wanted = scenario(metric, objective, cpus)
  return runPlan(
    {
      scenario: wanted,
      networks: [{ settings: wanted.networks[0], network: keyword, frequency: 1 }],
      cores: wanted.chip.cores.map((core) =>
        core.engine.kind === 'accelerator' ? { core, accelerator } : { core },
      ),
      seed: 1,
      placePolicy: 'auto',
    },
    runner,
    () => undefined,
  )
}

describe('cores that run stacks depth-first', () => {
  test('energy and latency are the sums of the stacks and layers', async () => {
    const { networks, best } = await plan('energy', 'energy')
    const [{ operations, stacks, energyPj, makespanUs }] = networks
    const fused = operations.filter((each) => each.mapping === 'stack')
    expect(fused.map((each) => each.energyPj)).toEqual(stacks.map((each) => each.energyPj))
    expect(fused.length).toBeGreaterThan(0)
    expect(energyPj).toBe(operations.reduce((sum, each) => sum + each.energyPj, 0))
    const sum = operations.reduce((total, each) => total + each.endUs - each.startUs, 0)
    expect(makespanUs / sum).toBeCloseTo(1, 9)
    expect(best.meanLatencyMs / (makespanUs / 1000)).toBeCloseTo(1, 9)
  })

  test('every layer of the network runs once', async () => {
    const { networks } = await plan('energy', 'energy')
    const [{ operations, stacks }] = networks
    const alone = operations.filter((each) => each.mapping !== 'stack').map((each) => each.name)
    const all = [...alone, ...stacks.flatMap((each) => each.layers)]
    expect(all.sort()).toEqual(
      networkOperations(keyword)
        .nodes.map((node) => node.name)
        .sort(),
    )
  })

  test('a stack costs what fuse says', async () => {
    const { networks } = await plan('energy', 'energy')
    const workload = networkWorkload(keyword)
    const engine = createFuseEngine({
      accelerator,
      workload,
      conventions: 'standard',
      search: { kind: 'optimal' },
      objective: 'energy',
    })
    for (const stack of networks[0].stacks) {
      const first = workload.layers.findIndex((layer) => layer.name === stack.layers[0])
      const range = { first, last: first + stack.layers.length - 1 }
      const mode = (stack.mode === 'in one piece' ? 'fully-cached' : stack.mode) as OverlapMode
      const { cost } = engine.evaluate(range, mode, { x: stack.tileX, y: stack.tileY })
      expect(stack.energyPj / cost.energyPj).toBeCloseTo(1, 9)
      // 0.4 of the time of the zero half of the activations is saved.
      const us = (cost.latencyWithOffloadCycles / 100) * 0.8
      expect(stack.latencyUs / us).toBeCloseTo(1, 9)
    }
  })

  test.each([
    ['energy', 'energy'],
    ['cycles', 'latency'],
    ['edp', 'edp'],
  ] as const)(
    'with metric %s a plan is never worse than layer by layer',
    async (metric, objective) => {
      const { networks } = await plan(metric, objective)
      const [{ tried, energyPj, makespanUs }] = networks
      const value = (each: { readonly makespanUs: number; readonly energyPj: number }): number =>
        objective === 'energy'
          ? each.energyPj
          : objective === 'latency'
            ? each.makespanUs
            : each.energyPj * each.makespanUs
      expect(tried[0].way).toBe('layer by layer')
      for (const each of tried) {
        expect(value({ makespanUs, energyPj })).toBeLessThanOrEqual(value(each) * (1 + 1e-12))
      }
      // The stacks of the core's own metric never lose on that core.
      expect(value(tried[1])).toBeLessThanOrEqual(value(tried[0]) * (1 + 1e-12))
    },
  )

  test('other kinds of core run the layers of a stack one after another', () => {
    const [npu, cpu] = scenario('energy', 'energy', 2).chip.cores
    const price = { energyPj: 2, latencyCycles: 100 }
    const size = { x: 1, y: 1 }
    const stack: NetworkStack = {
      first: 1,
      last: 3,
      solved: { first: 1, last: 3, mode: 'fully-cached', tile: size, output: size, ...price },
      alone: price,
      cost: () => ({ latencyUs: 1, energyPj: 2 }),
    }
    const network: CostedNetwork = {
      name: 'listen',
      operations: networkOperations(keyword),
      densities: drawnDensities({ mean: 1, spread: 0, samples: 1 }, keyword.nodes.length, 1),
      cores: [{ core: npu, accelerator }, { core: cpu }],
      stacks: [{ stacks: [stack], startingAt: new Map([[1, stack]]), points: 1 }, undefined],
      mapped: () => undefined,
    }
    const layers = networkCosts(network)
    const stacked = networkCosts(network, 0)
    expect(stacked.ranges[1]).toEqual({ first: 1, last: 3 })
    expect(stacked.graph.operations).toHaveLength(layers.graph.operations.length - 2)
    expect(stacked.costs[1][0]).toEqual({ latencyUs: 1, energyPj: 2, origin: 'stack' })
    const parts = layers.costs.slice(1, 4).map(([, onCpu]) => onCpu)
    expect(stacked.costs[1][1]).toEqual({
      latencyUs: parts.reduce((sum, each) => sum + (each?.latencyUs ?? NaN), 0),
      energyPj: parts.reduce((sum, each) => sum + (each?.energyPj ?? NaN), 0),
      origin: 'roofline',
    })
    // What the stack hands on is what its last layer makes.
    const out = (graph: OpGraph, from: number) => graph.edges.filter((edge) => edge.from === from)
    expect(out(stacked.graph, 1).map((edge) => edge.volume)).toEqual(
      out(layers.graph, 3).map((edge) => edge.volume),
    )
  })
})

describe('where a network may run depth-first', () => {
  const operations = networkOperations(keyword)

  test('the whole of a residual network is one segment', () => {
    const segments = stackableSegments(operations, () => true)
    expect(segments.map(({ first, last }) => [first, last])).toEqual([
      [0, operations.nodes.length - 1],
    ])
    expect(segments[0].workload.layers[1].inputs).toEqual(['0'])
  })

  test('what the core cannot run ends a segment, residual blocks stay whole', () => {
    const at = operations.nodes.findIndex((node) => node.name === '/conv3/Conv')
    const segments = stackableSegments(operations, (i) => i !== at)
    const inside = segments.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i),
    )
    expect(inside).not.toContain(at)
    for (const { first, last } of segments) {
      for (let i = first; i < last; i++) {
        const readers = operations.producers.flatMap((from, to) => (from.includes(i) ? [to] : []))
        expect(readers.every((to) => to <= last)).toBe(true)
      }
    }
  })
})
