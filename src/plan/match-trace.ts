import { InputError, suggestName } from '../base/index.js'
import type { Network, Trace } from '../model/index.js'
import { tracedNodes } from './density-samples.js'
import type { MatchedTrace } from './plan-input.js'

/**
 * Finds the layers of a trace in a network: by name where the trace says its layers' names and the network has them,
 * else in order, when the trace has as many layers as the network has convolutions and matrix products.
 * @throws InputError that says what does not match
 */
export function matchTrace(trace: Trace, network: Network, file: string): MatchedTrace {
  const names = new Map(network.nodes.map((node, i) => [node.name, i]))
  const layerNames = trace.layerNames ?? []
  const known = layerNames.filter((name) => names.has(name))
  if (known.length > 0) {
    const missing = layerNames.filter((name) => !names.has(name))
    if (missing.length > 0) {
      throw new InputError(
        missing.slice(0, 10).map((name) => ({
          code: 'E-PLAN-020',
          at: { file },
          message: `layer "${name}" of trace "${trace.name}" is no node of network "${network.name}"`,
          hint: suggestName(name, [...names.keys()]),
        })),
      )
    }
    return {
      trace,
      layerOfNode: new Map(layerNames.map((name, layer) => [names.get(name) as number, layer])),
    }
  }
  const listed = tracedNodes(network.nodes)
  if (listed.length !== trace.layerCount) {
    throw new InputError({
      code: 'E-PLAN-021',
      at: { file },
      message: `trace "${trace.name}" has ${trace.layerCount} layers, but network "${network.name}" has ${listed.length} convolutions and matrix products`,
      hint: 'heddle profile writes a trace of the same model',
    })
  }
  return { trace, layerOfNode: new Map(listed.map((node, layer) => [node, layer])) }
}
