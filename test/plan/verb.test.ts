import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeOnnx } from '../../src/formats/onnx/index.js'
import { planResult } from '../../src/formats/results/plan.js'
import { keywordRes8 } from '../../scripts/onnx-presets/convolutional.js'
import { runHeddle } from '../cli/run-heddle.js'

const scenario = `kind: scenario
name: kitchen
description: a kettle that listens
chip:
  name: chip
  cores:
    - name: npu
      count: 1
      accelerator: acc-2lv
      vectorUnit: { gopsPerS: 1, gbytesPerS: 1 }
networks:
  - { name: listen, model: keyword.onnx, rate: 2, sloMs: 500 }
serve: { policies: [fcfs, sjf], seconds: 10, seeds: 2 }
objective: latency
`

describe('heddle plan', () => {
  let folder = ''
  const plan = (...args: string[]) =>
    runHeddle(['plan', 'kitchen.yaml', '--cache', 'cache', ...args], folder)

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'heddle-plan-'))
    writeFileSync(join(folder, 'kitchen.yaml'), scenario)
    writeFileSync(join(folder, 'keyword.onnx'), writeOnnx(keywordRes8()))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('prints one document that matches its schema, and the same one from the cache', () => {
    const first = plan('--json', '--quiet')
    expect(first.stderr).toBe('')
    expect(first.status).toBe(0)
    const document = planResult.parse(JSON.parse(first.stdout))
    expect(document.cache.misses).toBeGreaterThan(0)
    const second = planResult.parse(JSON.parse(plan('--json', '--quiet').stdout))
    expect(second.cache.misses).toBe(0)
    expect({ ...second, cache: document.cache }).toEqual(document)
  })

  test('tabulates variants and names the best', () => {
    const result = plan('--vary', 'chip.cores.npu.count=1..2', '--json', '--quiet')
    const document = planResult.parse(JSON.parse(result.stdout))
    expect(document.variants.map((each) => each.settings)).toEqual([
      { 'chip.cores.npu.count': 1 },
      { 'chip.cores.npu.count': 2 },
    ])
    const smallest = Math.min(...document.variants.map((each) => each.objective.value))
    expect(document.objective.value).toBe(smallest)
  })

  test('a variant that cannot be does not cost the others', () => {
    const vary = ['--vary', 'chip.cores.npu.count=0,1', '--quiet']
    const document = planResult.parse(JSON.parse(plan(...vary, '--json').stdout))
    expect(document.variants).toHaveLength(1)
    expect(document.impossible.map((each) => each.settings)).toEqual([
      { 'chip.cores.npu.count': 0 },
    ])
    expect(plan(...vary).stdout).toContain('not possible: chip.cores.npu.count=0 (')
    expect(plan('--vary', 'chip.cores.npu.count=0').status).toBe(2)
  })

  test('computes only what a variant changes, and says why the best is best', () => {
    plan('--json', '--quiet')
    const result = plan('--vary', 'networks.0.rate=2,4', '--json', '--quiet')
    // Loop nests and placement are known: two policies on two streams at the new rate are not.
    expect(planResult.parse(JSON.parse(result.stdout)).cache.misses).toBe(4)
    const text = plan('--vary', 'networks.0.rate=2,4', '--quiet').stdout
    expect(text).toMatch(
      /best: networks\.0\.rate=\d, because its latency, \S+ ms, is the smallest; the next is \S+ ms with networks\.0\.rate=\d/,
    )
  })

  test('writes a report, tables, figures and a trace', () => {
    const result = plan('--out', 'report', '--quiet')
    expect(result.status).toBe(0)
    expect(result.stdout).toContain('proven optimal')
    expect(readdirSync(join(folder, 'report')).sort()).toEqual([
      'load.svg',
      'loads.csv',
      'networks.csv',
      'operations-listen.csv',
      'plan.json',
      'policies.csv',
      'report.html',
      'requests.svg',
      'service.csv',
      'together.svg',
      'trace.json',
      'work.csv',
    ])
  })

  test('says what no core can run, with exit status 3', () => {
    const bare = scenario.replace(/\n *vectorUnit.*/, '')
    writeFileSync(join(folder, 'bare.yaml'), bare)
    const result = runHeddle(['plan', 'bare.yaml', '--no-cache'], folder)
    expect(result.status).toBe(3)
    expect(result.stderr).toContain('no core of the chip can run AveragePool')
  })

  test('bad scenarios and options end with exit status 2', () => {
    expect(plan('--objective', 'speed').status).toBe(2)
    expect(plan('--vary', 'chip.colour=red,blue').stderr).toContain('colour')
    writeFileSync(join(folder, 'bad.yaml'), scenario.replace('policies: [fcfs', 'policies: [fcfss'))
    const result = runHeddle(['plan', 'bad.yaml', '--no-cache'], folder)
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('did you mean "fcfs"?')
  })
})
