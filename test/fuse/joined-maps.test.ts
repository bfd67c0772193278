import { describe, expect, test } from 'vitest'
import {
  buildNetwork,
  createFuseEngine,
  makeStack,
  overlapModes,
  planTiles,
  reshapedMaps,
  stackRanges,
  viewMemories,
  waitingMaps,
} from '../../src/fuse/index.js'
import type { Layer, OperandRead, Workload } from '../../src/model/index.js'
import { smallAccelerator } from './small-accelerator.js'

function layer(
  name: string,
  operator: Layer['operator'],
  inputs: readonly string[],
  dims: Partial<Layer['dims']> = {},
  reads?: readonly OperandRead[],
): Layer {
  return {
    name,
    operator,
    dims: { B: 1, K: 8, C: 8, OY: 4, OX: 4, FY: 1, FX: 1, G: 1, ...dims },
    stride: { y: 1, x: 1 },
    dilation: { y: 1, x: 1 },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: { input: 8, weight: 8, output: 8, partialOutput: 16 },
    inputs,
    ...(reads === undefined ? {} : { reads }),
  }
}

function workload(...layers: readonly Layer[]): Workload {
  return { kind: 'workload', name: 'net', layers }
}

const stem = layer('stem', 'conv', [])
const left = layer('left', 'conv', ['stem'], { K: 3 })
const right = layer('right', 'conv', ['stem'], { K: 5 })

describe('joined maps', () => {
  const join = layer('join', 'conv', ['left', 'right'], {}, [[{ from: 'left' }, { from: 'right' }]])

  test('each part has the channels of its own layer', () => {
    const { nodes } = buildNetwork(workload(stem, left, right, join))
    expect(nodes[3].reads.map(({ from, depth }) => [from, depth])).toEqual([
      [1, 3],
      [2, 5],
    ])
    expect(reshapedMaps(buildNetwork(workload(stem, left, right, join)))).toEqual([])
  })

  test('a map that several joins read is stored once', () => {
    // dense0 reads [stem, left], dense1 reads [stem, left, dense0].
    const dense0 = layer('dense0', 'conv', ['stem', 'left'], { C: 11, K: 2 }, [
      [{ from: 'stem' }, { from: 'left' }],
    ])
    const dense1 = layer('dense1', 'conv', ['stem', 'left', 'dense0'], { C: 13, K: 4 }, [
      [{ from: 'stem' }, { from: 'left' }, { from: 'dense0' }],
    ])
    const stack = makeStack(buildNetwork(workload(stem, left, dense0, dense1)), 0, 3)
    const [tile] = planTiles(stack, viewMemories(smallAccelerator), 'fully-recompute', 4, 4)
    // While dense1 runs: stem 8, left 3, dense0 2 and its own 4 channels of 16 positions.
    expect(tile.peakBits).toBe((8 + 3 + 2 + 4) * 16 * 8)
  })

  test('sums of joined maps take each operand as a whole', () => {
    const sum = layer('sum', 'add', ['left', 'right', 'stem'], { K: 1, C: 1, G: 8 }, [
      [{ from: 'left' }, { from: 'right' }],
      [{ from: 'stem' }],
    ])
    const { nodes } = buildNetwork(workload(stem, left, right, sum))
    expect(nodes[3].reads.map(({ depth }) => depth)).toEqual([3, 5, 8])
  })

  test('channels that do not add up end a stack', () => {
    const network = buildNetwork(
      workload(stem, left, right, { ...join, dims: { ...join.dims, C: 9 } }),
    )
    expect(reshapedMaps(network)).toEqual([
      { reader: 'join', map: 'left', reason: 'of 8 channels it reads 9' },
      { reader: 'join', map: 'right', reason: 'of 8 channels it reads 9' },
    ])
    expect(stackRanges(network).split({ first: 0, last: 3 })).toEqual([
      { first: 0, last: 0 },
      { first: 1, last: 1 },
      { first: 2, last: 2 },
      { first: 3, last: 3 },
    ])
  })
})

describe('maps that are reshaped between layers', () => {
  const resized = layer('up', 'conv', ['stem'], { OX: 8, OY: 8 }, [
    [{ from: 'stem', through: 'Resize' }],
  ])

  test('are handed on between stacks, and the reason is kept', () => {
    const network = buildNetwork(workload(stem, resized))
    expect(reshapedMaps(network)).toEqual([
      { reader: 'up', map: 'stem', reason: 'Resize stands between' },
    ])
    expect(stackRanges(network).isStack({ first: 0, last: 1 })).toBe(false)
  })

  test.each([
    ['larger', { OX: 3 }, 'of 4×4 it reads 3×4'],
    ['smaller', { OX: 5 }, 'of 4×4 it reads 5×4'],
    ['of other channels', { C: 6 }, 'of 8 channels it reads 6'],
    ['of other batch', { B: 2, C: 4 }, 'of 1 batch entries it reads 2'],
  ])('a map that is %s than what is read ends a stack', (_, dims, reason) => {
    const network = buildNetwork(workload(stem, layer('next', 'conv', ['stem'], dims)))
    expect(reshapedMaps(network)).toEqual([{ reader: 'next', map: 'stem', reason }])
  })

  test('a stride may leave a rest, and a single position has nothing to reshape', () => {
    const strided = {
      ...layer('next', 'conv', ['stem'], { OX: 2, OY: 2 }),
      stride: { y: 2, x: 2 },
    }
    expect(reshapedMaps(buildNetwork(workload(stem, strided)))).toEqual([])
    const pooled = layer('pooled', 'pool', ['stem'], {
      K: 1,
      C: 1,
      G: 8,
      OX: 1,
      OY: 1,
      FX: 4,
      FY: 4,
    })
    const dense = layer('dense', 'gemm', ['pooled'], { OX: 1, OY: 1 }, [
      [{ from: 'pooled', through: 'Flatten' }],
    ])
    expect(reshapedMaps(buildNetwork(workload(stem, pooled, dense)))).toEqual([])
  })

  test('the halves of a split are sources of their own, and readers of one of them share it', () => {
    const half = { from: 'stem', channels: 4, through: 'Split' }
    const inner = layer('inner', 'conv', ['stem'], { C: 4 }, [[{ from: 'stem', through: 'Split' }]])
    const both = layer('both', 'conv', ['stem', 'inner'], { C: 16 }, [
      [half, half, { from: 'inner' }],
    ])
    const stack = makeStack(buildNetwork(workload(stem, inner, both)), 1, 2)
    expect(stack.sources.map(({ depth }) => depth)).toEqual([4, 4])
    expect(stack.nodes.map(({ reads }) => reads.map(({ from }) => from))).toEqual([
      [~0],
      [~0, ~1, 0],
    ])
  })

  test('a map that only acts on another one is no part of the operand', () => {
    const gate = layer('gate', 'pool', ['stem'], { K: 1, C: 1, G: 8, OX: 1, OY: 1, FX: 4, FY: 4 })
    const next = layer('next', 'conv', ['stem', 'gate'], {}, [
      [{ from: 'stem' }, { from: 'gate', channels: 0, through: 'Mul' }],
    ])
    const network = buildNetwork(workload(stem, gate, next))
    expect(network.nodes[2].reads.map(({ depth }) => depth)).toEqual([8, 0])
    expect(stackRanges(network).isStack({ first: 1, last: 2 })).toBe(false)
    expect(stackRanges(network).isStack({ first: 2, last: 2 })).toBe(true)
  })
})

describe('skip connections and several outputs', () => {
  const skip = workload(
    stem,
    left,
    right,
    layer('deep', 'conv', ['right'], { C: 5 }),
    layer('join', 'conv', ['left', 'deep'], { C: 11 }, [[{ from: 'left' }, { from: 'deep' }]]),
  )

  test('a map for a later stack waits in the top memory while others run', () => {
    const network = buildNetwork(skip)
    const waiting = waitingMaps(network, { first: 2, last: 3 })
    const bits = (channels: number): number => channels * 16 * 8
    expect(waiting).toEqual([
      { from: 0, bits: bits(8), isRead: true, readLater: [] },
      { from: 1, bits: bits(3), isRead: false, readLater: [4] },
      { from: 3, bits: bits(8), isRead: false, readLater: [4] },
    ])
  })

  test('only layers without later readers may be inside a stack', () => {
    const ranges = stackRanges(buildNetwork(skip))
    expect(ranges.isStack({ first: 0, last: 1 })).toBe(false)
    expect(ranges.isStack({ first: 2, last: 3 })).toBe(true)
    expect(ranges.isStack({ first: 2, last: 4 })).toBe(true)
  })

  test('an output of the network ends a stack', () => {
    const network = buildNetwork(workload(stem, left, right))
    expect(stackRanges(network).split({ first: 0, last: 2 })).toEqual([
      { first: 0, last: 0 },
      { first: 1, last: 1 },
      { first: 2, last: 2 },
    ])
  })

  test('maps that do not fit into the top memory are named with what is missing', () => {
    const memories = smallAccelerator.memories.map((memory) =>
      memory.name === 'dram' ? { ...memory, sizeBits: 2000 } : memory,
    )
    const engine = createFuseEngine({
      accelerator: { ...smallAccelerator, memories },
      workload: skip,
      conventions: 'standard',
      search: { kind: 'loma', lpfLimit: 3 },
      objective: 'energy',
    })
    expect(engine.price({ first: 2, last: 3 }, 'fully-cached', { x: 2, y: 2 })).toMatchObject({
      code: 'E-FUSE-012',
      hint: `${(8 + 3 + 8) * 16 * 8 - 2000} bits are missing: enlarge "dram"`,
    })
  })
})

describe('products of two feature maps', () => {
  const rows = { OY: 1, OX: 16 }
  const attention = workload(
    layer('query', 'gemm', [], rows),
    layer('key', 'gemm', [], rows),
    layer('value', 'gemm', [], rows),
    layer('scores', 'batched-matmul', ['query', 'key'], { ...rows, B: 2, C: 4, K: 16 }),
    layer('context', 'batched-matmul', ['scores', 'value'], { ...rows, B: 2, C: 16, K: 4 }),
    layer('output', 'gemm', ['context'], rows),
  )
  const engine = createFuseEngine({
    accelerator: smallAccelerator,
    workload: attention,
    conventions: 'standard',
    search: { kind: 'optimal' },
    objective: 'energy',
  })

  test('the second matrix is read as a whole, the first one row by row', () => {
    const stack = makeStack(engine.network, 3, 4)
    expect(stack.sources.map(({ from, depth, width }) => [from, depth, width])).toEqual([
      [0, 8, 16],
      [1, 8, 16],
      [2, 8, 16],
    ])
    for (const mode of overlapModes) {
      for (const { x } of planTiles(stack, engine.view, mode, 4, 1)) {
        expect(x.out).toEqual([4, 4])
        expect(x.input).toEqual([
          [4, 16],
          [4, 16],
        ])
      }
    }
  })

  test('scores of a few rows never leave the chip: attention costs less as one stack', () => {
    const cost = (first: number, last: number, columns: number): number => {
      const found = engine.price({ first, last }, 'fully-cached', { x: columns, y: 1 })
      return 'energyPj' in found ? found.energyPj : Infinity
    }
    expect(cost(3, 5, 4)).toBeLessThan(cost(3, 3, 16) + cost(4, 4, 16) + cost(5, 5, 16))
  })

  test('a reshaped first matrix ends a stack, a reshaped second one does not', () => {
    const through = (from: string): OperandRead => [{ from, through: 'Transpose' }]
    const reshaped = workload(
      ...attention.layers.map((each) =>
        each.name === 'scores' ? { ...each, reads: [through('query'), through('key')] } : each,
      ),
    )
    expect(reshapedMaps(buildNetwork(reshaped))).toEqual([
      { reader: 'scores', map: 'query', reason: 'Transpose stands between' },
    ])
  })
})
