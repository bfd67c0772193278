import { describe, expect, it } from 'vitest'
import { fnv1a32 } from '../../src/base/index.js'
import { place } from '../../src/index.js'
import { quietRun } from '../../src/model/index.js'
import { goldenFiles, goldenJson } from './golden-data.js'
import { goldenCosts, goldenGraph, goldenSoc, type PrismModel } from './prism-model.js'

const { ANY_KIND, SelfTimed, hillClimb, npuFirstMapping, randomBits, randomMapping } =
  place.published

interface Case {
  id: string
  model?: string
  arch?: string
  n_npu: number
  n_cpu: number
  batches: number
  clock: number
  mapping?: string
  makespan: number
  per_batch?: number
  busy_cpu?: number
  busy_npu?: number
  start_tick?: number[]
  start?: number[] | string
  core?: string
  core_id?: number[]
  digest?: string
}

function fifoGraph(model: PrismModel, arch: string | undefined, npus = 1, cpus = 1) {
  return place.published.fifoGraphOf({
    applications: [{ graph: goldenGraph(model), inputs: 1 }],
    soc: goldenSoc(arch, npus, cpus),
    costs: goldenCosts(model),
    clockUs: 0,
  })
}

function parseMapping(text: string): Int8Array {
  return Int8Array.from(text, (c) => (c === 'n' ? 0 : c === 'c' ? 1 : ANY_KIND))
}

function letters(mapping: ArrayLike<number>): string {
  return Array.from(mapping, (kind) => (kind === 0 ? 'n' : 'c')).join('')
}

function digest(executor: InstanceType<typeof SelfTimed>, clock: number): string {
  let text = ''
  for (let i = 0; i < executor.instances; i++) {
    text += `${executor.startUs[i] / clock}${executor.kind[i] === 0 ? 'n' : 'c'}${executor.coreId[i]};`
  }
  return fnv1a32(text)
}

/** Compares every figure that the case states with the schedule in the executor. */
function compare(
  c: Case,
  executor: InstanceType<typeof SelfTimed>,
  makespan: number,
  graph: ReturnType<typeof fifoGraph>,
): void {
  expect(makespan, c.id).toBe(c.makespan)
  if (c.per_batch !== undefined) expect(makespan / c.batches, c.id).toBe(c.per_batch)
  if (c.core !== undefined) expect(letters(executor.kind), c.id).toBe(c.core)
  if (c.core_id !== undefined) expect([...executor.coreId], c.id).toEqual(c.core_id)
  if (c.start_tick !== undefined) {
    expect([...executor.startUs], c.id).toEqual(c.start_tick.map((tick) => tick * c.clock))
  }
  if (Array.isArray(c.start)) expect([...executor.startUs], c.id).toEqual(c.start)
  if (c.digest !== undefined) expect(digest(executor, c.clock), c.id).toBe(c.digest)
  const busy = [0, 0]
  for (let i = 0; i < executor.instances; i++) {
    busy[executor.kind[i]] += graph.timeUs[(i % graph.ops) * 2 + executor.kind[i]]
  }
  if (c.busy_npu !== undefined)
    expect(busy[0] / (c.busy_npu || 1)).toBeCloseTo(c.busy_npu ? 1 : 0, 9)
  if (c.busy_cpu !== undefined)
    expect(busy[1] / (c.busy_cpu || 1)).toBeCloseTo(c.busy_cpu ? 1 : 0, 9)
}

function execute(model: PrismModel, c: Case, arch: string | undefined, mapping: Int8Array): void {
  const graph = fifoGraph(model, arch)
  const executor = new SelfTimed(graph, [c.n_npu, c.n_cpu], c.batches, c.clock)
  compare(c, executor, executor.run(mapping), graph)
}

describe('prism', () => {
  const files = goldenFiles('prism')
  const named = (pattern: RegExp): string[] => files.filter((file) => pattern.test(file))
  const models = new Map<string, PrismModel>()
  for (const file of named(/^model_/)) {
    const model = goldenJson<PrismModel>('prism', file)
    if (model) models.set(model.name, model)
  }
  const xception = models.get('xception')

  for (const file of named(/^(npufirst|random_seed|all_cpu)/)) {
    const data = goldenJson<{ algorithm: string; arch: string; mapping?: string; cases: Case[] }>(
      'prism',
      file,
    )
    it.skipIf(data === undefined)(`${file}: every platform and batch size`, () => {
      const arch = data?.arch === 'grai' ? 'grai' : 'speck'
      const seed = Number(/seed(\d+)/.exec(file)?.[1] ?? 42)
      for (const c of data?.cases ?? []) {
        const model = modelOf(c)
        const graph = fifoGraph(model, arch)
        const mapping =
          data?.algorithm === 'npufirst' ? npuFirstMapping(graph) : randomMapping(graph, seed)
        const expected = c.mapping ?? data?.mapping
        if (expected !== undefined) expect(letters(mapping), c.id).toBe(expected)
        execute(model, c, arch, mapping)
      }
    })
  }

  const random = goldenJson<{ cases: { seed: number; raw: string; mapping: string }[] }>(
    'prism',
    'random_mappings.json',
  )
  it.skipIf(random === undefined)('random_mappings.json: the published stream of bits', () => {
    for (const c of random?.cases ?? []) {
      expect([...randomBits(c.raw.length, c.seed)].join(''), `seed ${c.seed}`).toBe(c.raw)
      expect(letters(randomMapping(fifoGraph(modelOf({}), 'grai'), c.seed))).toBe(c.mapping)
    }
  })

  for (const file of ['given_mappings.json', 'ideal_time.json']) {
    const data = goldenJson<{ cases: Case[] }>('prism', file)
    it.skipIf(data === undefined)(`${file}: complete schedules of given mappings`, () => {
      for (const c of data?.cases ?? []) {
        execute(modelOf(c), c, c.arch, parseMapping(c.mapping ?? ''))
      }
    })
  }

  const climbs = goldenJson<{
    arch: string
    cases: (Case & {
      start: string
      start_mapping: string
      start_makespan: number
      accepted: [number, number, number][]
      passes: number
      evaluations: number
      mapping: string
    })[]
  }>('prism', 'prism.json')
  it.skipIf(climbs === undefined)('prism.json: every accepted flip of the hill climbing', () => {
    for (const c of climbs?.cases ?? []) {
      const graph = fifoGraph(modelOf(c), c.arch ?? climbs?.arch)
      const start = /^random(\d+)$/.exec(c.start)
      const mapping = start ? randomMapping(graph, Number(start[1])) : npuFirstMapping(graph)
      expect(letters(mapping), c.id).toBe(c.start_mapping)
      const executor = new SelfTimed(graph, [c.n_npu, c.n_cpu], c.batches, c.clock)
      const result = hillClimb(executor, graph, mapping, quietRun)
      expect(result.startMakespanUs, c.id).toBe(c.start_makespan)
      expect(result.accepted.map((a) => [a.pass, a.op, a.makespanUs])).toEqual(c.accepted)
      expect([result.passes, result.evaluations], c.id).toEqual([c.passes, c.evaluations])
      expect(letters(result.mapping), c.id).toBe(c.mapping)
      compare({ ...c, start: '' }, executor, result.makespanUs, graph)
    }
  })

  const throughput = goldenJson<{
    model: string
    arch: string
    clock: number
    cases: {
      algorithm: string
      n_npu: number
      n_cpu: number
      batch_sizes: number[]
      makespan: number[]
      per_batch: number[]
      average_per_batch: number
    }[]
  }>('prism', 'throughput.json')
  it.skipIf(throughput === undefined)('throughput.json: the metric over batch sizes', () => {
    for (const c of throughput?.cases ?? []) {
      const graph = fifoGraph(modelOf({ model: throughput?.model ?? '' }), throughput?.arch)
      const metric = place.published.throughputMetric((inputs) => {
        const executor = new SelfTimed(graph, [c.n_npu, c.n_cpu], inputs, throughput?.clock ?? 100)
        const start = c.algorithm === 'npufirst' ? npuFirstMapping(graph) : randomMapping(graph, 42)
        return c.algorithm === 'prism'
          ? hillClimb(executor, graph, start, quietRun).makespanUs
          : executor.run(start)
      }, c.batch_sizes)
      expect(metric.makespanUs).toEqual(c.makespan)
      expect(metric.perBatchUs).toEqual(c.per_batch)
      expect(metric.averagePerBatchUs / c.average_per_batch).toBeCloseTo(1, 9)
    }
  })

  const edge = goldenJson<{
    arch: string
    graphs: {
      model: PrismModel
      cases: (Case & {
        mapping: string
        ideal_makespan: number
        ideal_start: number[]
        ideal_core: string
        ideal_core_id: number[]
      })[]
    }[]
  }>('prism', 'edge_cases.json')
  it.skipIf(edge === undefined)('edge_cases.json: hand-made graphs, clocked and ideal', () => {
    for (const { model, cases } of edge?.graphs ?? []) {
      for (const c of cases) {
        execute(model, c, edge?.arch, parseMapping(c.mapping))
        const ideal: Case = {
          id: `${c.id} ideal`,
          n_npu: c.n_npu,
          n_cpu: c.n_cpu,
          batches: c.batches,
          clock: 0,
          makespan: c.ideal_makespan,
          start: c.ideal_start,
          core: c.ideal_core,
          core_id: c.ideal_core_id,
        }
        execute(model, ideal, edge?.arch, parseMapping(c.mapping))
      }
    }
  })

  function modelOf(c: { model?: string }): PrismModel {
    const model = models.get(c.model ?? '') ?? xception
    if (model === undefined) throw new Error('the folder has no model_xception.json')
    return model
  }
})
