import { z } from 'zod'
import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import type { OpEdge } from '../../model/index.js'
import { parseYaml } from '../parse-yaml.js'
import type { PlaceNetwork } from './place-network.js'

/** Configuration of a Keras 2 model as `model.to_json()` writes it. */
export const kerasSchema = z.looseObject({
  class_name: z.enum(['Functional', 'Model', 'Sequential']),
  config: z.looseObject({
    name: z.string().optional(),
    layers: z
      .array(
        z.looseObject({
          class_name: z.string(),
          name: z.string().optional(),
          config: z.looseObject({ name: z.string().optional() }),
          inbound_nodes: z.array(z.unknown()).optional(),
        }),
      )
      .min(1),
  }),
})

/**
 * Reads a Keras model's graph: one operation per layer and call, in the order of the layers; type = class name. A layer
 * that is called several times gives several operations, so no false cycle appears. The file has no execution times.
 * @throws InputError with every problem
 */
export function readKeras(text: string, file: string): PlaceNetwork {
  const parsed = parseYaml(text, file, kerasSchema)
  const { class_name: className, config } = parsed.value
  const problems: Diagnostic[] = []
  const operations: { name: string; type: string }[] = []
  const edges: OpEdge[] = []
  const calls = new Map<string, number[]>()
  const layerNames = config.layers.map((layer, i) => layer.name ?? layer.config.name ?? `layer${i}`)
  const references: { to: number; source: string; call: number; layer: number }[] = []
  config.layers.forEach((layer, l) => {
    const name = layerNames[l]
    const inbound = className === 'Sequential' ? [] : (layer.inbound_nodes ?? [])
    const own: number[] = []
    for (let call = 0; call < Math.max(1, inbound.length); call++) {
      const op = operations.length
      operations.push({ name: call === 0 ? name : `${name}:${call}`, type: layer.class_name })
      own.push(op)
      for (const [source, index] of tensorReferences(inbound[call]))
        references.push({ to: op, source, call: index, layer: l })
      if (className === 'Sequential' && l > 0) edges.push({ from: op - 1, to: op, volume: 0 })
    }
    calls.set(name, own)
  })
  for (const { to, source, call, layer } of references) {
    const from = calls.get(source)?.[call]
    if (from === undefined) {
      problems.push({
        code: 'E-KERAS-001',
        at: parsed.at(['config', 'layers', layer, 'inbound_nodes']),
        message: `layer "${operations[to].name}" reads "${source}", which is no layer of this model`,
        hint: suggestName(source, layerNames),
      })
    } else edges.push({ from, to, volume: 0 })
  }
  if (problems.length > 0) throw new InputError(problems)
  edges.sort((a, b) => a.from - b.from)
  return {
    form: 'keras',
    graph: { kind: 'op-graph', name: config.name ?? file, operations, edges },
  }
}

/** `[name, call, tensor, …]` entries anywhere in an inbound node. */
function tensorReferences(node: unknown): [string, number][] {
  if (!Array.isArray(node)) return []
  const [name, call] = node as unknown[]
  if (typeof name === 'string' && typeof call === 'number') return [[name, call]]
  return (node as unknown[]).flatMap(tensorReferences)
}
