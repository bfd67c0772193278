import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { formatDiagnostic, InputError } from '../../../src/base/index.js'
import { importKeras } from '../../../src/formats/keras/index.js'
import { defaultPrecision } from '../../../src/formats/onnx/index.js'
import type { Network, NetworkNode } from '../../../src/model/index.js'

const options = { bindings: {}, assumeElementwise: [], precision: defaultPrecision }
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** A small model of our own with every kind of layer, built and written by Keras 3.15. */
const everyLayer = importKeras(
  gunzipSync(readFileSync(path('every-layer.json.gz'))).toString('utf8'),
  'every-layer.json',
  options,
)

/** Shapes that Keras gives its layers, without the batch. */
const shapes: Readonly<Record<string, readonly number[]>> = {
  scale: [33, 47, 3],
  stem: [17, 24, 16],
  depthwise: [16, 25, 32],
  grouped: [16, 25, 16],
  separable: [16, 25, 16],
  branch: [16, 23, 16],
  crop: [16, 24, 16],
  sum: [16, 24, 16],
  squeeze: [16],
  squeeze_shape: [1, 1, 16],
  reduce: [1, 1, 4],
  expand: [1, 1, 16],
  excite: [16, 24, 16],
  max: [8, 12, 16],
  mean: [8, 12, 16],
  join: [8, 12, 32],
  up: [16, 24, 32],
  transposed: [16, 24, 8],
  join_up: [16, 24, 40],
  turn: [24, 16, 40],
  'block/inner': [24, 16, 8],
  'shared:1': [24, 16, 8],
  shrink: [6, 4, 8],
  flat: [192],
  logits: [10],
}
const KERAS_PARAMETERS = 11174

function nodeOf({ nodes }: Network, name: string): NetworkNode {
  const node = nodes.find((each) => each.name === name)
  if (node === undefined) throw new Error(`there is no node ${name}`)
  return node
}

function loopsOf(network: Network, name: string) {
  const { work } = nodeOf(network, name)
  if (work.kind !== 'layer') throw new Error(`${name} is no loop nest`)
  return work.layer
}

describe('Keras 3', () => {
  test.each(Object.entries(shapes))('%s has the size that Keras says', (name, shape) => {
    expect(nodeOf(everyLayer, name).outputBytes).toBe(shape.reduce((a, b) => a * b, 1))
  })

  test('has as many weights as Keras counts', () => {
    // Counted twice here: the layer that is called twice. Not in Keras: the scale of Rescaling and a Reshape's sizes.
    const shared = nodeOf(everyLayer, 'shared').weightBytes
    const all = everyLayer.nodes.reduce((sum, node) => sum + node.weightBytes, 0)
    expect(all - shared - 1 - 4).toBe(KERAS_PARAMETERS)
  })

  test('"same" pads the end more, a ZeroPadding2D before a window is done by it', () => {
    expect(loopsOf(everyLayer, 'stem').padding).toEqual({ top: 1, bottom: 1, left: 1, right: 1 })
    expect(loopsOf(everyLayer, 'max').padding).toEqual({ top: 0, bottom: 1, left: 0, right: 1 })
    expect(loopsOf(everyLayer, 'depthwise').padding).toEqual({
      top: 0,
      bottom: 1,
      left: 1,
      right: 2,
    })
    expect(everyLayer.nodes.some((node) => node.name.startsWith('depthwise/pad'))).toBe(false)
    // Nothing can do the padding for a sum.
    expect(nodeOf(everyLayer, 'sum/pad1').work.kind).toBe('movement')
  })

  test('groups, depth multipliers and dilation reach the loop nests', () => {
    expect(loopsOf(everyLayer, 'depthwise').dims).toMatchObject({ G: 16, K: 2, C: 1 })
    expect(loopsOf(everyLayer, 'grouped').dims).toMatchObject({ G: 2, K: 8, C: 16, FX: 3, FY: 1 })
    expect(loopsOf(everyLayer, 'separable/depthwise').dilation).toEqual({ y: 2, x: 2 })
  })
})

describe('Keras 2', () => {
  const layer = (type: string, name: string, config: object, inbound: readonly string[]) => ({
    class_name: type,
    name,
    config: { name, ...config },
    inbound_nodes: inbound.length === 0 ? [] : [inbound.map((from) => [from, 0, 0, {}])],
  })
  const conv = { filters: 4, kernel_size: [3, 3], padding: 'same', activation: 'relu' }

  test('a functional model', () => {
    const model = {
      class_name: 'Functional',
      config: {
        name: 'small',
        layers: [
          layer('InputLayer', 'picture', { batch_input_shape: [null, null, 12, 3] }, []),
          layer('Conv2D', 'a', conv, ['picture']),
          layer('Conv2D', 'b', { ...conv, dilation_rate: [2, 2] }, ['a']),
          layer('Add', 'sum', {}, ['a', 'b']),
        ],
        output_layers: [['sum', 0, 0]],
      },
    }
    const bound = { ...options, bindings: { batch: 2, height: 10 } }
    const network = importKeras(JSON.stringify(model), 'small.json', bound)
    expect(network.name).toBe('small')
    expect(loopsOf(network, 'b').dims).toMatchObject({ B: 2, K: 4, C: 4, OY: 10, OX: 12 })
    const { nodes } = network
    const sum = nodeOf(network, 'sum')
    expect(sum.inputs.map((i) => nodes[i].name)).toEqual(['a/relu', 'b/relu'])
  })

  test('a sequential model with channels first', () => {
    const first = { ...conv, batch_input_shape: [null, 3, 8, 9], data_format: 'channels_first' }
    const model = {
      class_name: 'Sequential',
      config: {
        name: 'row',
        layers: [layer('Conv2D', 'a', first, []), layer('Wobble', 'w', {}, [])],
      },
    }
    const network = importKeras(JSON.stringify(model), 'row.json', {
      ...options,
      assumeElementwise: ['Wobble'],
    })
    expect(loopsOf(network, 'a').dims).toMatchObject({ C: 3, OY: 8, OX: 9 })
    expect(network.assumptions).toContain('operator "Wobble" is taken as elementwise')
  })
})

describe('broken models', () => {
  const folder = path('../../input/keras/')
  const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Record<
    string,
    string[]
  >
  const files = readdirSync(folder).filter((file) => file !== 'expected.json')

  function complaint(file: string): string[] {
    try {
      importKeras(readFileSync(folder + file, 'utf8'), file, options)
    } catch (error) {
      if (error instanceof InputError) return error.diagnostics.map(formatDiagnostic)
      throw error
    }
    return ['no complaint']
  }

  test('each has its expected messages', () => {
    const found = Object.fromEntries(files.sort().map((file) => [file, complaint(file)]))
    expect(found).toEqual(expected)
  })
})
