import { expect, test } from 'vitest'
import { buildNetwork } from '../../src/fuse/index.js'
import type { Layer, Workload } from '../../src/model/index.js'

function layer(name: string, operator: Layer['operator'], inputs: readonly string[]): Layer {
  return {
    name,
    operator,
    dims: { B: 1, K: 8, C: 8, OY: 4, OX: 4, FY: 1, FX: 1, G: 1 },
    stride: { y: 1, x: 1 },
    dilation: { y: 1, x: 1 },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: { input: 8, weight: 8, output: 8, partialOutput: 16 },
    inputs,
  }
}

const forked = (last: Layer): Workload => ({
  kind: 'workload',
  name: 'forked',
  layers: [
    layer('stem', 'conv', []),
    layer('left', 'conv', ['stem']),
    layer('right', 'conv', ['stem']),
    last,
  ],
})

test('a layer that reads joined feature maps is refused, a sum of two is not', () => {
  expect(() => buildNetwork(forked(layer('join', 'conv', ['left', 'right'])))).toThrow(
    'layer "join" (conv) reads 2 feature maps (left, right), which are joined before it',
  )
  const { nodes } = buildNetwork(forked(layer('sum', 'add', ['left', 'right'])))
  expect(nodes[3].producers).toEqual([1, 2])
})
