import { InputError, suggestName, type Diagnostic, type Position } from '../../base/index.js'
import type { Network, OnnxDim, OnnxValueInfo } from '../../model/index.js'
import { importNetwork, inferShapes, ShapeError, type ImportOptions } from '../onnx/index.js'
import { activationRules } from './activations.js'
import { GraphBuilder, type Value } from './graph-builder.js'
import {
  callName,
  isNestedModel,
  nestedModel,
  parseKeras,
  type KerasLayer,
  type KerasModel,
} from './keras-model.js'
import { LayerConfig } from './layer-config.js'
import { isChannelsFirst, type LayerCall, type LayerRule } from './rule.js'
import { tensorRules } from './tensor-layers.js'
import { windowRules } from './window-layers.js'

type At = (path: readonly (string | number)[]) => Position

const rules: Readonly<Record<string, LayerRule | undefined>> = {
  ...windowRules,
  ...activationRules,
  ...tensorRules,
}

/**
 * A Keras model (`model.to_json()`, Keras 2 or 3) as a network: its layers become the nodes of an ONNX graph, and from
 * there on it is read like one. Weights are in no such file and not needed.
 * @throws InputError naming every unknown layer, and what stands in the way of shapes
 */
export function importKeras(text: string, file: string, options: ImportOptions): Network {
  const { model, at } = parseKeras(text, file)
  checkLayers(model, at, options.assumeElementwise)
  const inputs = inputsOf(model, at)
  const shapeOptions = { bindings: options.bindings, assumeElementwise: options.assumeElementwise }
  const start = new GraphBuilder(file, inputs, new Map())
  const { facts } = inferShapes(start.model([]), file, shapeOptions)
  const builder = new GraphBuilder(file, inputs, facts)
  const outputs = addModel(
    builder,
    model,
    at,
    '',
    inputs.map(({ name }) => ({ name })),
  )
  return importNetwork(
    builder.model(outputs, model.name ?? file.replace(/^.*[/\\]/, '').replace(/\.json$/i, '')),
    file,
    options,
  )
}

/** All unknown layers at once, so that one look at the message is enough. */
function checkLayers(model: KerasModel, at: At, assumed: readonly string[]): void {
  const problems: Diagnostic[] = []
  const seen = new Set<string>()
  const visit = ({ layers }: KerasModel): void => {
    for (const layer of layers) {
      const { className, name, path } = layer
      if (isNestedModel(className)) visit(nestedModel(layer, at))
      else if (
        className !== 'InputLayer' &&
        rules[className] === undefined &&
        !assumed.includes(className) &&
        !seen.has(className)
      ) {
        seen.add(className)
        const near = suggestName(className, Object.keys(rules))
        problems.push({
          code: 'E-KERAS-008',
          at: at(path),
          message: `layer "${name}" is a "${className}", which is not known`,
          hint: `${near.startsWith('did you mean') ? `${near} Else ` : ''}pass --assume-elementwise ${className} if it works element by element`,
        })
      }
    }
  }
  visit(model)
  if (problems.length > 0) throw new InputError(problems)
}

/** The inputs of the outermost model: its input layers, or the first layer's own shape. */
function inputsOf(model: KerasModel, at: At): OnnxValueInfo[] {
  const declared = model.layers.filter((layer) => layer.className === 'InputLayer')
  if (declared.length > 0) {
    return declared.map((layer) => ({
      name: layer.name,
      elementType: 'float',
      dims: inputDims(shapeOf(layer, at, undefined), false),
    }))
  }
  const [first] = model.layers
  const channelsFirst = isChannelsFirst(new LayerConfig(first, at))
  const dims = inputDims(shapeOf(first, at, model.inputShape), channelsFirst)
  return [{ name: 'input', elementType: 'float', dims }]
}

function shapeOf({ config, name, path }: KerasLayer, at: At, built: unknown): readonly unknown[] {
  const shape = config['batch_input_shape'] ?? config['batch_shape'] ?? built
  if (Array.isArray(shape) && shape.length > 0) return shape as unknown[]
  throw new InputError({
    code: 'E-KERAS-009',
    at: at([...path, 'config']),
    message: `layer "${name}" says no input shape (batch_input_shape or batch_shape)`,
    hint: 'build the model with an Input before it is saved',
  })
}

/** Sizes of an input with channels first; sizes that the model leaves open have a name that --bind takes. */
function inputDims(shape: readonly unknown[], channelsFirst: boolean): OnnxDim[] {
  const names =
    shape.length === 4
      ? ['batch', 'height', 'width', 'channels']
      : ['batch', ...shape.slice(1).map((_, i) => (i === 0 ? 'length' : `axis${i + 1}`))]
  if (shape.length === 4 && channelsFirst) names.splice(1, 3, 'channels', 'height', 'width')
  const dims = shape.map((size, axis) => (typeof size === 'number' ? size : names[axis]))
  return dims.length === 4 && !channelsFirst ? [dims[0], dims[3], dims[1], dims[2]] : dims
}

/** Adds all calls of a model's layers, each after what it reads. Returns the model's outputs. */
function addModel(
  builder: GraphBuilder,
  model: KerasModel,
  at: At,
  prefix: string,
  inputs: readonly Value[],
): Value[] {
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]))
  const inputLayers = model.layers.filter((layer) => layer.className === 'InputLayer')
  const made = new Map<string, Value | 'begun'>()
  const valueOf = (layer: KerasLayer, call: number): Value => {
    const key = callName(layer.name, call)
    const known = made.get(key)
    if (known === 'begun') {
      return new LayerConfig(layer, at).reject('E-KERAS-010', 'reads its own output')
    }
    if (known !== undefined) return known
    made.set(key, 'begun')
    const value = addCall(layer, call)
    made.set(key, value)
    return value
  }
  const addCall = (layer: KerasLayer, call: number): Value => {
    if (layer.className === 'InputLayer') return inputs[inputLayers.indexOf(layer)]
    const sources = layer.calls[call]
    const read =
      sources.length === 0
        ? [inputs[0]]
        : sources.map((source) => valueOf(layers.get(source.layer) as KerasLayer, source.call))
    const name = prefix + callName(layer.name, call)
    if (isNestedModel(layer.className)) {
      return addModel(builder, nestedModel(layer, at), at, `${name}/`, read)[0]
    }
    return addLayer(builder, new LayerConfig(layer, at), name, read)
  }
  const all = model.layers.flatMap((layer) => layer.calls.map((_, call) => valueOf(layer, call)))
  const named = model.outputs?.map((output) =>
    valueOf(layers.get(output.layer) as KerasLayer, output.call),
  )
  return (named ?? all.slice(-1)).map((value, i) => padded(builder, value, `${prefix}output${i}`))
}

function addLayer(
  builder: GraphBuilder,
  config: LayerConfig,
  name: string,
  inputs: readonly Value[],
): Value {
  const call: LayerCall = {
    name,
    config,
    builder,
    inputs,
    input: (i = 0) => padded(builder, inputs[i], `${name}/pad${i}`),
  }
  const rule = rules[config.layer.className]
  try {
    return rule === undefined
      ? builder.addElementwise(name, config.layer.className, [call.input()])
      : rule(call)
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    return config.reject('E-KERAS-011', `does not fit: ${error.message}`)
  }
}

/** A tensor with the zeros around it that no window has added. */
function padded(builder: GraphBuilder, { name, padding }: Value, as: string): Value {
  if (padding === undefined) return { name }
  const pads = [0, 0, ...padding.begin, 0, 0, ...padding.end]
  return builder.add(as, 'Pad', [name, builder.constant(`${as}/pads`, [pads.length], pads)])
}
