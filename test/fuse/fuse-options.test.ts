import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/base/index.js'
import { readFuseOptions, type FuseOptions } from '../../src/cli/fuse/options.js'
import { buildNetwork, cutIntoStacks, publishedFuse } from '../../src/fuse/index.js'
import type { Layer, Workload } from '../../src/model/index.js'
import { chain } from './chain.js'

const workload = chain(
  [1, 2, 3].map(() => ({ kernel: 3, stride: 1, padding: 1 })),
  16,
)
const plain: FuseOptions = {
  tiles: 'auto',
  mode: 'auto',
  lpfLimit: 6,
  asPublished: false,
  objective: 'energy',
}

function problemsOf(options: Partial<FuseOptions>): string {
  try {
    readFuseOptions({ ...plain, ...options }, workload)
    return ''
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.message
  }
}

describe('options of heddle fuse', () => {
  it('reads one tile, lists of tiles and grids', () => {
    const tiles = (text: string) =>
      readFuseOptions({ ...plain, tiles: text }, workload).request.tiles
    expect(tiles('60x72')).toEqual([{ x: 60, y: 72 }])
    expect(tiles('60x72, 4×72')).toEqual([
      { x: 60, y: 72 },
      { x: 4, y: 72 },
    ])
    expect(tiles('1,4x2,3')).toEqual([
      { x: 1, y: 2 },
      { x: 1, y: 3 },
      { x: 4, y: 2 },
      { x: 4, y: 3 },
    ])
    expect(tiles('auto')).toBe('auto')
  })

  it('cuts after layers by name, in the order of the network', () => {
    const { request } = readFuseOptions({ ...plain, stacks: 'conv1,conv0' }, workload)
    expect(request.stacks).toEqual({ kind: 'cuts', after: [0, 1] })
  })

  it('the published program has defaults of its own', () => {
    const question = readFuseOptions({ ...plain, asPublished: true }, workload)
    expect(question.search).toEqual({ kind: 'loma', lpfLimit: 6 })
    expect(question.request.stacks).toEqual({ kind: 'weights-fit' })
  })

  it.each([
    [{ tiles: '60' }, '"60" where a tile like 60x72 was expected'],
    [{ tiles: '0x72' }, '"0" where a whole number ≥ 1 was expected'],
    [{ tiles: '-4x72' }, '"-4" where a whole number ≥ 1 was expected'],
    [{ tiles: '1.5x72' }, '"1.5" where a whole number ≥ 1 was expected'],
    [{ tiles: '60x72,4xx2' }, '"4xx2" where a tile like 60x72 was expected'],
    [{ tiles: '' }, '"" where a tile like 60x72 was expected'],
    [{ mode: 'cached' }, '--mode "cached" is none of fully-recompute'],
    [{ mode: 'fully-cashed' }, 'did you mean "fully-cached"?'],
    [{ stacks: 'conv9' }, '--stacks cuts after "conv9", which is no layer of chain'],
    [{ stacks: 'weight-fit' }, 'did you mean "weights-fit"?'],
    [{ objective: 'power' }, '--objective "power" is none of energy, latency, edp'],
    [{ search: 'salsa' }, '--search "salsa" is none of optimal, loma'],
  ])('%j: %s', (options, message) => {
    expect(problemsOf(options)).toContain(message)
  })

  it('collects all problems', () => {
    const text = problemsOf({ tiles: 'a', mode: 'b', stacks: 'c', objective: 'd' })
    expect(text.match(/\[E-FUSE-02\d\]/g)).toHaveLength(4)
  })
})

describe('networks that cannot be scheduled', () => {
  const [first, second, third] = workload.layers
  const network = (layers: readonly Layer[]): Workload => ({
    kind: 'workload',
    name: 'odd',
    layers,
  })

  it.each([
    [
      network([first, { ...second, inputs: ['conv2'] }, third]),
      'layer "conv1" reads "conv2", which does not come before it',
    ],
    [
      network([first, second, { ...third, inputs: [] }]),
      'the network has 2 outputs (conv1, conv2)',
    ],
    [
      network([first, { ...second, operator: 'batched-matmul' }, third]),
      'layer "conv1" multiplies two feature maps, which the published program cannot',
    ],
    [
      network([first, second, { ...third, reads: [[{ from: 'conv1', through: 'Resize' }]] }]),
      'layer "conv2" reads "conv1" through Resize, which the published program does not know',
    ],
  ])('%#: says what is wrong', (workload, message) => {
    expect(() => buildNetwork(workload, publishedFuse)).toThrow(message)
  })

  it('a cut that gives a stack two outputs says which map is read twice', () => {
    const add: Layer = { ...third, name: 'add', operator: 'add', inputs: ['conv0', 'conv1'] }
    const residual = buildNetwork(network([first, second, add]))
    expect(() => cutIntoStacks(residual, [1])).toThrow(
      'would have two outputs: "conv0" is also read after it',
    )
  })
})
