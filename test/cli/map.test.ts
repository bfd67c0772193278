import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hierarchicalMapResult } from '../../src/formats/results/map-hierarchical.js'
import { mapResult } from '../../src/formats/results/map.js'
import { runHeddle } from './run-heddle.js'

const eyeriss = ['map', '--accelerator', 'eyeriss', '--network', 'resnet50', '--quiet']

interface Document {
  readonly layers: readonly {
    readonly name: string
    readonly status: string
    readonly objective: number
    readonly lowerBound: number
    readonly index: number
    readonly energyPj: number
    readonly seconds: number
    readonly sameAs?: number
    readonly pareto?: readonly unknown[]
  }[]
  readonly partition?: {
    readonly layers: readonly {
      readonly index: number
      readonly parallel: boolean
      readonly chips: number
    }[]
  }
  readonly total: {
    readonly energyPj: number
    readonly latencyCycles: number
    readonly edp: number
  }
}

function document(args: readonly string[]): Document {
  const { status, stdout, stderr } = runHeddle([...args, '--json'])
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(mapResult.safeParse(JSON.parse(stdout)).error).toBeUndefined()
  return JSON.parse(stdout) as Document
}

describe('heddle map', () => {
  test('prints a document of its schema, proven, whatever the threads', () => {
    const args = [...eyeriss, '--layer', 'conv_5_3', '--layer', '21', '--explain', '--pareto']
    const one = document([...args, '--threads', '1'])
    const two = document([...args, '--threads', '2'])
    expect(one.layers.map((layer) => layer.name)).toEqual(['conv_5_3', 'fc_1'])
    expect(one.layers.every((layer) => layer.status === 'optimal')).toBe(true)
    const timeless = ({ layers, total }: Document): unknown => [
      layers.map((layer) => ({ ...layer, seconds: 0 })),
      { ...total, seconds: 0 },
    ]
    expect(timeless(two)).toEqual(timeless(one))
  })

  test('counts by the rules of another mapper when asked to', () => {
    const args = ['map', '--accelerator', 'eyeriss-256', '--network', 'resnet18', '--layer', '2']
    const { stdout, status } = runHeddle([...args, '--conventions', 'timeloop', '--json'])
    expect(status).toBe(0)
    const found = JSON.parse(stdout) as { semantics: string; layers: { status: string }[] }
    expect(hierarchicalMapResult.safeParse(found).error).toBeUndefined()
    expect(found.semantics).toBe('timeloop')
    expect(found.layers[0].status).toBe('optimal')
    const text = runHeddle([...args, '--conventions', 'timeloop', '--explain']).stdout
    expect(text).toContain('of them of the')

    const misspelt = runHeddle([...args, '--conventions', 'timelop'])
    expect(misspelt.status).toBe(2)
    expect(misspelt.stderr).toContain('did you mean "timeloop"?')
    const both = runHeddle([...args, '--conventions', 'timeloop', '--as-published'])
    expect(both.status).toBe(2)
    expect(both.stderr).toContain('give one of the two')
    const table = runHeddle([...eyeriss, '--conventions', 'timeloop'])
    expect(table.status).toBe(2)
    expect(table.stderr).toContain('--model hierarchical')
  })

  test('solves layers of one shape once', () => {
    const found = document(['map', '--accelerator', 'acc-1lv', '--network', 'bert-base', '--quiet'])
    expect(found.layers.length).toBe(96)
    expect(found.layers.filter((layer) => layer.sameAs === undefined).length).toBeLessThan(10)
  })

  test('stops at the time limit with a valid bound', () => {
    const found = document([...eyeriss, '--layer', 'conv_3_2', '--time-limit', '0.000001'])
    const [layer] = found.layers
    expect(['gap', 'optimal']).toContain(layer.status)
    expect(layer.lowerBound).toBeGreaterThan(0)
    expect(layer.lowerBound).toBeLessThanOrEqual(layer.objective)
  })

  test('deducts cross-layer reuse from every layer but the first', () => {
    const args = [...eyeriss, '--layer', '13', '--layer', '14', '--search', 'bottom-up']
    const plain = document(args).layers
    const reused = document([...args, '--cross-layer']).layers
    expect(reused[0].energyPj).toBe(plain[0].energyPj)
    expect(reused[1].energyPj).toBeLessThan(plain[1].energyPj)
  })

  test('divides the chips among sibling layers', () => {
    const simba = ['map', '--accelerator', 'simba', '--network', 'resnet50', '--quiet']
    const siblings = ['--multi-chip', 'conv_5_3,conv_5_4']
    const { partition, layers } = document([...simba, ...siblings])
    expect(partition?.layers.map((each) => each.index)).toEqual(layers.map((each) => each.index))
    const parallel = partition?.layers.filter((each) => each.parallel) ?? []
    expect(parallel.reduce((sum, each) => sum + each.chips, 0)).toBeLessThanOrEqual(36)
  })

  test('writes a report that stands alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-map-'))
    const { status } = runHeddle([...eyeriss, '--layer', 'fc_1', '--out', folder])
    expect(status).toBe(0)
    expect(readdirSync(folder).sort()).toEqual([
      'energy.svg',
      'latency.svg',
      'layers.csv',
      'report.html',
    ])
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).not.toMatch(/<script|src="http/)
  })

  test.each([
    [['--metric', 'enrgy'], 'energy'],
    [['--search', 'optimum'], 'optimal'],
    [['--dataflow', 'flexibel'], 'flexible'],
    [['--layer', 'conv_5_9'], 'conv_5_'],
    [['--layer', '22'], 'counted from 1'],
    [['--time-limit', '0'], 'above 0'],
  ])('bad usage %j is status 2 and says what is valid', (extra, hint) => {
    const { status, stdout, stderr } = runHeddle([...eyeriss, ...extra])
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(hint)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  test('missing inputs are status 2', () => {
    const { status, stderr } = runHeddle(['map'])
    expect(status).toBe(2)
    expect(stderr).toContain('--accelerator is missing')
    expect(stderr).toContain('--network is missing')
  })

  test('a buffer that holds no single element is status 3 and says by how much', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'heddle-map-')), 'tiny.cfg')
    writeFileSync(
      file,
      [
        '[ACCELERATOR]',
        'NAME=TINY',
        'PRECISION=INT16',
        'FREQUENCY=200',
        '[LOCAL_BUFFER]',
        'DATAFLOW=WS',
        'BUFFER_SIZE=4',
        'UNIT_ACCESS_ENERGY=1,1,1',
        'UNIT_CYCLE=1,1,1',
        'BANDWIDTH=16',
        '[DRAM]',
        'UNIT_ACCESS_ENERGY=100,100,100',
        'UNIT_CYCLE=1,1,1',
        'BANDWIDTH=64',
        '',
      ].join('\n'),
    )
    const { status, stderr } = runHeddle([
      'map',
      '--accelerator',
      file,
      '--network',
      'resnet50',
      '--layer',
      'fc_1',
    ])
    expect(stderr).toContain('LOCAL_BUFFER needs room for 3 elements, it holds 2')
    expect(stderr).toContain('1 more')
    expect(status).toBe(3)
  })
})
