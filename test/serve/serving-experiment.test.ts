import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readArrivalTimes } from '../../src/formats/index.js'
import { serveResult } from '../../src/formats/results/serve.js'
import { createTrace, quietRun, type ServingMix } from '../../src/model/index.js'
import {
  createTables,
  policies,
  servingStream,
  simulateSystem,
  singleAccelerator,
  standard,
} from '../../src/serve/index.js'

const traceOf = (name: string, layerS: number) =>
  createTrace({
    name,
    sampleCount: 3,
    layerCount: 2,
    latencyS: new Float64Array(6).fill(layerS),
    sparsity: new Float64Array(6).fill(0.5),
  })
const traces = [traceOf('short', 0.01), traceOf('long', 0.05)]
const tables = createTables(traces, standard)
const both = [
  { trace: 0, weight: 3 },
  { trace: 1, weight: 1 },
]
const camera: ServingMix['sources'][number] = {
  name: 'camera',
  arrivals: { kind: 'periodic', ratePerS: 10, jitter: 0.5 },
  traces: [{ trace: 1, weight: 1 }],
  priority: 9,
  slo: { seconds: 0.1 },
}
const caption: ServingMix['sources'][number] = {
  name: 'caption',
  arrivals: { kind: 'after', source: 0, probability: 0.4 },
  traces: [{ trace: 0, weight: 1 }],
  sample: 2,
  priority: 1,
}
const bursts: ServingMix['sources'][number] = {
  name: 'bursts',
  arrivals: { kind: 'bursts', ratePerS: 20, peak: 4, share: 0.2, lengthS: 1 },
  traces: both,
  priority: 1,
  slo: { multiplier: 3 },
}
const draw = { seed: 5, load: 1, sloMultiplier: 10 }

describe('streams of a serving mix', () => {
  const mix: ServingMix = { sources: [camera, caption, bursts], seconds: 200 }
  const stream = servingStream(tables, mix, draw)
  const of = (priority: number, trace: number): number[] =>
    Array.from(stream.arrivalS.keys()).filter(
      (i) => stream.priority[i] === priority && stream.traceIndex[i] === trace,
    )

  it('has the rates, shares, SLOs and times that it was asked for', () => {
    const frames = of(9, 1)
    expect(frames).toHaveLength(2000)
    frames.forEach((i, n) => {
      expect(Math.abs(stream.arrivalS[i] - (n + 0.5) / 10)).toBeLessThanOrEqual(0.025 + 1e-12)
      expect(stream.sloS[i]).toBe(0.1)
    })
    const followers = Array.from(stream.parent ?? []).filter((parent) => parent >= 0)
    expect(followers.length / 2000).toBeCloseTo(0.4, 1)
    expect(followers.every((parent) => stream.priority[parent] === 9)).toBe(true)
    const questions = Array.from(stream.arrivalS.keys()).filter(
      (i) => stream.priority[i] === 1 && stream.parent?.[i] === -1,
    )
    expect(questions.length / 200 / 20).toBeGreaterThan(0.8)
    expect(questions.length / 200 / 20).toBeLessThan(1.2)
    const short = questions.filter((i) => stream.traceIndex[i] === 0)
    expect(short.length / questions.length).toBeCloseTo(0.75, 1)
    for (const i of short) expect(stream.sloS[i]).toBeCloseTo(0.06, 12)
    expect(Array.from(stream.arrivalS)).toEqual([...stream.arrivalS].sort((a, b) => a - b))
    expect(Math.max(...stream.arrivalS)).toBeLessThan(200)
  })

  it('does not move the requests of one source when another joins or the SLO changes', () => {
    const alone = servingStream(tables, { sources: [camera], seconds: 200 }, draw)
    const other = servingStream(tables, mix, { ...draw, sloMultiplier: 20 })
    expect(of(9, 1).map((i) => stream.arrivalS[i])).toEqual([...alone.arrivalS])
    expect([...other.arrivalS]).toEqual([...stream.arrivalS])
    expect([...other.traceIndex]).toEqual([...stream.traceIndex])
    const twice = servingStream(tables, { ...mix, seconds: 100 }, { ...draw, load: 2 })
    expect(twice.priority.filter((p) => p === 9)).toHaveLength(2000)
  })

  it('keeps networks on the accelerators that they may run on', () => {
    const few = servingStream(tables, { ...mix, seconds: 8 }, draw)
    const system = { ...singleAccelerator, speeds: [1, 1, 2], affinity: [[0, 1, 2], [1]] }
    for (const name of ['fcfs', 'dysta', 'planaria', 'sdrm3', 'mh2', 'priced_triage']) {
      const options = { alpha: 1, beta: 0.01, segments: true }
      const result = simulateSystem(few, tables, policies[name], system, options, quietRun)
      const segments = result?.segments ?? []
      const layers = segments.reduce((sum, segment) => sum + segment.layers, 0)
      expect(layers, name).toBe(2 * few.arrivalS.length)
      const astray = segments.filter(
        (segment) =>
          !system.affinity[few.traceIndex[segment.request]].includes(segment.accelerator),
      )
      expect(astray, name).toEqual([])
    }
  })
})

describe('replayed arrival times', () => {
  const read = (text: string, unitS = 1, speedup = 1): number[] =>
    readArrivalTimes(text, 'trace', { column: 'TIMESTAMP', unitS, speedup })

  it('come from dates with time, numbers of any unit, and tables in JSON', () => {
    const dates =
      'TIMESTAMP,ContextTokens\n2023-11-16 18:17:03.9799600,10\n2023-11-16 18:17:05.2299600,20\n'
    expect(read(dates)[1]).toBeCloseTo(1.25, 6)
    expect(read('hash,TIMESTAMP\nb,3000\na,1000\n', 0.001, 4)).toEqual([0, 0.5])
    expect(read('{"columns": ["TIMESTAMP", "n"], "requests": [[2, 1], [2.5, 4]]}')).toEqual([
      0, 0.5,
    ])
  })
})

describe('heddle serve --stream FILE.yaml', () => {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  const file = fileURLToPath(new URL('../../examples/serving/headset.yaml', import.meta.url))
  const serve = ['serve', '--quiet', '--stream', file]

  it('runs the example; the command line wins over the file', () => {
    const args = ['--seeds', '7', '--policy', 'fcfs,dysta', '--accelerators', '3', '--json']
    const text = execFileSync(process.execPath, [main, ...serve, ...args], { encoding: 'utf8' })
    const document = serveResult.parse(JSON.parse(text)) as {
      accelerators: number
      results: { policy: string; rate: number; seed: number; byTrace: object }[]
    }
    expect(document.accelerators).toBe(3)
    expect(document.results.map((row) => [row.policy, row.rate, row.seed])).toEqual(
      [24, 30, 36].flatMap((rate) => ['fcfs', 'dysta'].map((policy) => [policy, rate, 7])),
    )
    expect(Object.keys(document.results[0].byTrace)).toHaveLength(3)
  })

  it('options that draw requests do not go with a given stream', () => {
    const { status, stderr } = spawnSync(process.execPath, [main, ...serve, '--rate', '3'])
    expect(status).toBe(2)
    expect(String(stderr)).toContain('--rate draws requests, --stream gives them')
  })

  it('an unknown trace or accelerator in --affinity is bad usage', () => {
    for (const entry of ['bert=0', 'load_balance_gpt2_glue_128=2', 'load_balance_gpt2_glue_128']) {
      const { status, stderr } = spawnSync(process.execPath, [main, ...serve, '--affinity', entry])
      expect(status, entry).toBe(2)
      expect(String(stderr)).toContain('E-SRV-008')
    }
  })
})
