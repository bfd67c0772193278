import type { GraphBuilder, Value } from './graph-builder.js'
import type { LayerConfig } from './layer-config.js'

/** One call of a layer, as its rule sees it. */
export interface LayerCall {
  /** Name of the call: of the layer, with prefixes of the models around it. */
  readonly name: string
  readonly config: LayerConfig
  readonly builder: GraphBuilder
  readonly inputs: readonly Value[]
  /** The i-th input, its padding done. */
  readonly input: (i?: number) => Value
}

/** Adds a layer to the graph; follows the Keras documentation of the layer. */
export type LayerRule = (call: LayerCall) => Value

/** An axis in Keras' order (channels last) as an axis of the graph, where pictures have channels first. */
export function graphAxis({ config, builder }: LayerCall, value: Value, axis: number): number {
  const rank = builder.shape(value).length
  const index = axis < 0 ? axis + rank : axis
  if (rank !== 4 || isChannelsFirst(config) || index === 0) return index
  return index === 3 ? 1 : index + 1
}

/** A shape without its batch, in Keras' order, as axes of the graph. */
export function graphShape(config: LayerConfig, shape: readonly number[]): readonly number[] {
  if (shape.length !== 3 || isChannelsFirst(config)) return shape
  return [shape[2], shape[0], shape[1]]
}

export function isChannelsFirst({ layer }: LayerConfig): boolean {
  return layer.config['data_format'] === 'channels_first'
}
