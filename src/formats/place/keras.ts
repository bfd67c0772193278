import type { OpEdge } from '../../model/index.js'
import { callName, parseKeras } from '../keras/index.js'
import type { PlaceNetwork } from './place-network.js'

/**
 * Reads a Keras model's graph: one operation per layer and call, in the order of the layers; type = class name. A layer
 * that is called several times gives several operations, so no false cycle appears. The file has no execution times.
 * @throws InputError with every problem
 */
export function readKeras(text: string, file: string): PlaceNetwork {
  const { model } = parseKeras(text, file)
  const operations: { name: string; type: string }[] = []
  const index = new Map<string, number>()
  for (const { name, className, calls } of model.layers) {
    calls.forEach((_, call) => {
      index.set(callName(name, call), operations.length)
      operations.push({ name: callName(name, call), type: className })
    })
  }
  const edges = model.layers.flatMap(({ name, calls }) =>
    calls.flatMap((reads, call) =>
      reads.map((source): OpEdge => ({
        from: index.get(callName(source.layer, source.call)) as number,
        to: index.get(callName(name, call)) as number,
        volume: 0,
      })),
    ),
  )
  edges.sort((a, b) => a.from - b.from)
  return {
    form: 'keras',
    graph: { kind: 'op-graph', name: model.name ?? file, operations, edges },
  }
}
