import { z } from 'zod'
import { InputError, suggestName, type Diagnostic, type Position } from '../../base/index.js'
import { parseYaml } from '../parse-yaml.js'

/** A layer's output in one of its calls. */
export interface KerasReference {
  readonly layer: string
  readonly call: number
}

/** One layer of a model; a layer that is called several times has several lists of inputs. */
export interface KerasLayer {
  readonly name: string
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
  /** Per call, what it reads. At least one call. */
  readonly calls: readonly (readonly KerasReference[])[]
  /** Where the layer stands in the file. */
  readonly path: readonly (string | number)[]
}

/** A Keras model as `model.to_json()` writes it (Keras 2 and 3): its layers in file order. */
export interface KerasModel {
  readonly name?: string
  readonly sequential: boolean
  readonly layers: readonly KerasLayer[]
  /** Outputs of a functional model; absent: those of the last layer. */
  readonly outputs?: readonly KerasReference[]
  /** Shape of the first layer's input that a built Sequential model carries. */
  readonly inputShape?: unknown
}

const layerSchema = z.looseObject({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.looseObject({ name: z.string().optional() }),
  inbound_nodes: z.array(z.unknown()).optional(),
})
const modelClasses = ['Functional', 'Model', 'Sequential'] as const
const modelSchema = z.looseObject({
  name: z.string().optional(),
  layers: z.array(layerSchema).min(1),
})
const kerasSchema = z.looseObject({ class_name: z.enum(modelClasses), config: modelSchema })

/** Whether a layer is a whole model of its own. */
export function isNestedModel(className: string): boolean {
  return (modelClasses as readonly string[]).includes(className)
}

/**
 * Reads a model's layers and what each call reads.
 * @throws InputError with every problem and its position
 */
export function parseKeras(
  text: string,
  file: string,
): { readonly model: KerasModel; readonly at: (path: readonly (string | number)[]) => Position } {
  const { value, at } = parseYaml(text, file, kerasSchema)
  return { model: modelOf(value.class_name, value.config, ['config'], at), at }
}

/**
 * A model that is a layer of another.
 * @throws InputError with every problem and its position
 */
export function nestedModel(
  { className, config, path, name }: KerasLayer,
  at: (path: readonly (string | number)[]) => Position,
): KerasModel {
  const parsed = modelSchema.safeParse(config)
  if (parsed.success) return modelOf(className, parsed.data, [...path, 'config'], at)
  throw new InputError({
    code: 'E-KERAS-002',
    at: at([...path, 'config']),
    message: `the model "${name}" inside this model has no list of layers`,
  })
}

function modelOf(
  className: string,
  config: z.infer<typeof modelSchema>,
  path: readonly (string | number)[],
  at: (path: readonly (string | number)[]) => Position,
): KerasModel {
  const sequential = className === 'Sequential'
  const names = config.layers.map((layer, i) => layer.name ?? layer.config.name ?? `layer${i}`)
  const layers = config.layers.map((layer, i): KerasLayer => {
    const inbound = sequential ? [] : (layer.inbound_nodes ?? [])
    const before = i === 0 ? [] : [{ layer: names[i - 1], call: 0 }]
    return {
      name: names[i],
      className: layer.class_name,
      config: layer.config,
      calls: sequential
        ? [before]
        : Array.from({ length: Math.max(1, inbound.length) }, (_, call) =>
            references(inbound[call]),
          ),
      path: [...path, 'layers', i],
    }
  })
  const calls = new Map(layers.map((layer) => [layer.name, layer.calls.length]))
  const problems = layers.flatMap(({ name, calls: own, path: where }): Diagnostic[] =>
    own.flatMap((reads, call) =>
      reads
        .filter((source) => source.call >= (calls.get(source.layer) ?? 0))
        .map((source) => ({
          code: 'E-KERAS-001',
          at: at([...where, 'inbound_nodes']),
          message: `layer "${callName(name, call)}" reads "${source.layer}", which is no layer of this model`,
          hint: suggestName(source.layer, names),
        })),
    ),
  )
  if (problems.length > 0) throw new InputError(problems)
  const outputs = references(config['output_layers'])
  return {
    ...(config.name === undefined ? {} : { name: config.name }),
    sequential,
    layers,
    ...(outputs.length === 0 ? {} : { outputs }),
    inputShape: config['build_input_shape'],
  }
}

/** A call's name: calls after the first are numbered. */
export function callName(layer: string, call: number): string {
  return call === 0 ? layer : `${layer}:${call}`
}

/** `[name, call, tensor, …]` entries (Keras 2) and `keras_history` triples (Keras 3) anywhere in a value. */
function references(value: unknown): KerasReference[] {
  if (Array.isArray(value)) {
    const [layer, call] = value as unknown[]
    if (typeof layer === 'string' && typeof call === 'number') return [{ layer, call }]
    return (value as unknown[]).flatMap(references)
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(references)
}
