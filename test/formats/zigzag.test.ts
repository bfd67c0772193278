import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/base/index.js'
import {
  evaluateMapping,
  hierarchicalProblem,
  zigzagConventions,
} from '../../src/cost/hierarchical/index.js'
import {
  applyZigzagMapping,
  readZigzagAccelerator,
  readZigzagMapping,
  readZigzagWorkload,
  zigzagFormOf,
} from '../../src/formats/zigzag/index.js'
import { unrollingOf as ownUnrolling, type Layer } from '../../src/model/index.js'
import {
  acceleratorOf,
  layerOf,
  mappingOf,
  unrollingOf,
  type ZigzagCase,
} from '../peers/zigzag-cases.js'

const golden = new URL('../golden/data/peers/zigzag.json.gz', import.meta.url)
const cases = JSON.parse(gunzipSync(readFileSync(golden)).toString('utf8')) as ZigzagCase[]
const machines = ['tpu_like', 'eyeriss_like'] as const

function text(name: string): string {
  return readFileSync(new URL(`zigzag/${name}.yaml`, import.meta.url), 'utf8')
}

function caseOf(id: string): ZigzagCase {
  const found = cases.find((each) => each.id.includes(id))
  if (found === undefined) throw new Error(`no case ${id}`)
  return found
}

describe('hardware, mapping and workload files of ZigZag', () => {
  test.each(machines)('%s is the accelerator of the measured cases', (name) => {
    expect(readZigzagAccelerator(text(name), name)).toEqual(acceleratorOf(caseOf(name)))
  })

  test.each([
    ['tpu_like', 'tpu_like-r18_conv2_x', 'r18_conv2_x'],
    ['tpu_like', 'tpu_like-gemm_512', 'Layer2'],
    ['eyeriss_like', 'eyeriss_like-r18_conv2_x', 'r18_conv2_x'],
  ])('%s: read from YAML, %s costs what ZigZag says', (name, id, layerName) => {
    const measured = caseOf(id)
    const accelerator = readZigzagAccelerator(text(name), name)
    const network = readZigzagWorkload(text('convolutions'), 'convolutions')
    const rules = readZigzagMapping(text(`${name}_mapping`), name)
    const { layers } = applyZigzagMapping(network.workload, rules, accelerator, network.names)
    const layer = layers.find((each) => each.name === layerName) as Layer
    const spatial = ownUnrolling(layer, accelerator)
    expect(spatial).toEqual(unrollingOf(measured))
    // A loop over the rows of a matrix is OX here and OY in the case: the same loop under another name.
    const given = mappingOf(measured)
    const mapping =
      layer.dims.OX === measured.workload.loops.OX
        ? given
        : {
            ...given,
            loops: given.loops.map((loop) => ({
              ...loop,
              dim: loop.dim === 'OY' ? ('OX' as const) : loop.dim,
            })),
          }
    const problem = hierarchicalProblem(layer, accelerator, spatial, zigzagConventions)
    const cost = evaluateMapping(problem, mapping)
    expect(cost.energyPj / measured.result.energy_pJ).toBeCloseTo(1, 9)
    expect(cost.latency.computeCycles).toBe(measured.result.latency_without_on_off_load)
  })

  test('a convolution is the layer of the case, name aside', () => {
    const { layers } = readZigzagWorkload(text('convolutions'), 'convolutions').workload
    const measured = layerOf(caseOf('tpu_like-r18_conv2_x'))
    expect(layers[0]).toEqual({ ...measured, name: 'r18_conv2_x' })
  })

  test('operators, edges, strides, padding and loops with names of their own', () => {
    const { workload, names } = readZigzagWorkload(text('convolutions'), 'net')
    const [, pool, gemm, sum] = workload.layers
    expect(workload.layers.map((each) => each.operator)).toEqual(['conv', 'pool', 'gemm', 'add'])
    expect(pool).toMatchObject({
      inputs: ['r18_conv2_x'],
      stride: { y: 2, x: 2 },
      dims: { G: 64, OX: 28, FX: 3, K: 1, C: 1 },
      // 28 windows of 3 in steps of 2 over 56 points reach one zero on the left and none on the right.
      padding: { top: 1, bottom: 0, left: 1, right: 0 },
    })
    expect(gemm).toMatchObject({ name: 'Layer2', inputs: [], dims: { K: 512, C: 512, OX: 512 } })
    expect(names[2].loops.get('D')).toBe('OX')
    expect(sum).toMatchObject({ inputs: ['r18_conv2_x', 'pool'], dims: { G: 64, OY: 28, OX: 28 } })
  })

  test('a rule goes by layer, then operator type, then default; factors stop at the loop', () => {
    const accelerator = readZigzagAccelerator(text('tpu_like'), 'tpu_like')
    const network = readZigzagWorkload(text('convolutions'), 'net')
    const rules = readZigzagMapping(
      `${text('tpu_like_mapping')}- name: sum\n  spatial_mapping:\n    D1: ['OX, 32']\n    D2: ['K, 8']\n`,
      'mapping',
    )
    const { layers } = applyZigzagMapping(network.workload, rules, accelerator, network.names)
    const own = layers.map((each) =>
      (each.unrolling?.['tpu_like'] ?? []).map((u) => `${u.arrayDimension} ${u.dim} ${u.factor}`),
    )
    expect(own).toEqual([['D1 K 32', 'D2 C 32'], ['D1 G 32'], ['D1 K 32', 'D2 C 32'], ['D1 OX 28']])
  })

  test('a mapping must fit the array', () => {
    const accelerator = readZigzagAccelerator(text('eyeriss_like'), 'eyeriss_like')
    const rules = readZigzagMapping(
      "- name: default\n  spatial_mapping:\n    D2: ['FX, 4', 'FY, 4']\n    D3: ['K, 2']\n",
      'm.yaml',
    )
    const { workload } = readZigzagWorkload(text('convolutions'), 'net')
    expect(() => applyZigzagMapping(workload, rules, accelerator)).toThrow(
      /unrolls 16 over D2, which has 12 positions[^]*no dimension "D3"/,
    )
  })

  test('each file is known by its keys', () => {
    expect(zigzagFormOf(text('tpu_like'))).toBe('zigzag-accelerator')
    expect(zigzagFormOf(text('tpu_like_mapping'))).toBe('zigzag-mapping')
    expect(zigzagFormOf(text('convolutions'))).toBe('zigzag-workload')
    expect(zigzagFormOf('kind: network\nlayers: []\n')).toBeUndefined()
  })
})

describe.each([
  ['zigzag-accelerator', readZigzagAccelerator],
  ['zigzag-mapping', readZigzagMapping],
  ['zigzag-workload', readZigzagWorkload],
] as const)('broken %s files', (folder, read) => {
  const root = new URL(`../input/${folder}/`, import.meta.url)
  const expected = JSON.parse(readFileSync(new URL('expected.json', root), 'utf8')) as Record<
    string,
    string[]
  >
  const files = readdirSync(root).filter((name) => name.endsWith('.yaml'))

  test('each has its expected messages', () => {
    expect(files.sort()).toEqual(Object.keys(expected).sort())
  })

  test.each(files)('%s', (file) => {
    let message = ''
    try {
      read(readFileSync(new URL(file, root), 'utf8'), file)
    } catch (error) {
      expect(error).toBeInstanceOf(InputError)
      message = (error as Error).message
    }
    expect(message.split('\n').filter((line) => line.includes('[E-'))).toEqual(expected[file])
  })
})
