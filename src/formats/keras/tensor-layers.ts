import { activated } from './activations.js'
import type { Value } from './graph-builder.js'
import { graphAxis, graphShape, type LayerRule } from './rule.js'

const dense: LayerRule = (call) => {
  const { config, builder, name } = call
  const input = call.input()
  const shape = builder.shape(input)
  const units = config.size('units')
  const bias = config.flag('use_bias', true) ? [builder.constant(`${name}/bias`, [units])] : []
  if (shape.length === 4) {
    // On pictures it works on the channels of every point: a 1×1 convolution.
    const weights = builder.constant(`${name}/kernel`, [units, shape[1], 1, 1])
    return activated(call, builder.add(name, 'Conv', [input, weights, ...bias]))
  }
  const weights = builder.constant(`${name}/kernel`, [shape[shape.length - 1], units])
  const product =
    shape.length === 2
      ? builder.add(name, 'Gemm', [input, weights, ...bias])
      : builder.add(name, 'MatMul', [input, weights])
  return activated(call, product)
}

/** An operator of two inputs applied to all of them, one after another. */
const merged =
  (opType: string): LayerRule =>
  ({ config, builder, name, inputs, input }) => {
    if (inputs.length < 2)
      config.reject('E-KERAS-007', `reads ${inputs.length} tensors, expected two or more`)
    return inputs
      .slice(1)
      .reduce(
        (sum, _, i): Value =>
          builder.add(i === inputs.length - 2 ? name : `${name}/${i}`, opType, [sum, input(i + 1)]),
        input(0),
      )
  }

const concatenate: LayerRule = (call) => {
  const { config, builder, name, inputs, input } = call
  const values = inputs.map((_, i) => input(i))
  return builder.add(name, 'Concat', values, {
    axis: graphAxis(call, values[0], config.int('axis', -1)),
  })
}

const batchNormalization: LayerRule = (call) => {
  const { builder, name } = call
  const input = call.input()
  const shape = builder.shape(input)
  const channels = shape.length === 4 ? shape[1] : shape[shape.length - 1]
  const parts = ['gamma', 'beta', 'mean', 'variance'].map((part) =>
    builder.constant(`${name}/${part}`, [channels]),
  )
  return builder.add(name, 'BatchNormalization', [input, ...parts])
}

const layerNormalization: LayerRule = (call) => {
  const { builder, name } = call
  const input = call.input()
  const axis = graphAxis(call, input, call.config.int('axis', -1))
  const size = builder.shape(input)[axis]
  return builder.add(
    name,
    'LayerNormalization',
    [input, builder.constant(`${name}/gamma`, [size])],
    {
      axis,
    },
  )
}

const reshape: LayerRule = ({ config, builder, name, input }) => {
  const target = [0, ...graphShape(config, config.ints('target_shape'))]
  const shape = builder.constant(`${name}/shape`, [target.length], target)
  return builder.add(name, 'Reshape', [input(), shape])
}

const permute: LayerRule = ({ config, builder, name, input }) => {
  const value = input()
  const dims = config.ints('dims')
  // Every order of a tensor moves all of its bytes; only the sizes of the result matter.
  const rank = dims.length + 1
  const place = (axis: number): number =>
    rank !== 4 || axis === 0 ? axis : axis === 3 ? 1 : axis + 1
  const order = [0, ...dims]
  const perm = Array.from({ length: rank }, () => 0)
  order.forEach((from, to) => (perm[place(to)] = place(from)))
  return builder.add(name, 'Transpose', [value], { perm })
}

const upSampling: LayerRule = ({ config, builder, name, input }) => {
  const value = input()
  const [rows, columns] = config.pair('size', [2, 2])
  const [batch, channels, height, width] = builder.shape(value)
  const sizes = [batch, channels, height * rows, width * columns]
  return builder.add(name, 'Resize', [value, '', '', builder.constant(`${name}/sizes`, [4], sizes)])
}

const cropping: LayerRule = ({ config, builder, name, input }) => {
  const value = input()
  const { begin, end } = config.margins('cropping')
  const shape = builder.shape(value)
  const stops = end.map((each, i) => shape[i + 2] - each)
  return builder.add(name, 'Slice', [
    value,
    builder.constant(`${name}/starts`, [2], begin),
    builder.constant(`${name}/ends`, [2], stops),
    builder.constant(`${name}/axes`, [2], [2, 3]),
  ])
}

/** Layers that do nothing when the network runs. */
const nothing: LayerRule = ({ builder, name, input }) => builder.add(name, 'Identity', [input()])

/** A scale or an offset per element. */
const scaled: LayerRule = ({ builder, name, input }) =>
  builder.add(name, 'Mul', [input(), builder.constant(`${name}/scale`, [1])])

/** Layers on whole tensors. */
export const tensorRules: Readonly<Record<string, LayerRule>> = {
  Dense: dense,
  Add: merged('Add'),
  Subtract: merged('Sub'),
  Multiply: merged('Mul'),
  Average: merged('Add'),
  Maximum: merged('Max'),
  Minimum: merged('Min'),
  Concatenate: concatenate,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Flatten: ({ builder, name, input }) => builder.add(name, 'Flatten', [input()]),
  Reshape: reshape,
  Permute: permute,
  UpSampling2D: upSampling,
  Cropping2D: cropping,
  Rescaling: scaled,
  Normalization: scaled,
  Dropout: nothing,
  SpatialDropout2D: nothing,
  AlphaDropout: nothing,
  GaussianDropout: nothing,
  GaussianNoise: nothing,
  ActivityRegularization: nothing,
}
