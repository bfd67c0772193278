import { InputError } from '../../base/index.js'
import { inferShapes } from '../../formats/onnx/index.js'
import type { OnnxModel } from '../../model/index.js'
import type { TensorValue } from '../../profile/index.js'

/**
 * Bytes of every intermediate value as a runtime returns it, for inputs of these shapes. Undefined for all where the
 * shapes of the graph cannot be worked out: a runtime may know operators that shape inference does not.
 */
export function valueSizes(
  model: OnnxModel,
  feeds: ReadonlyMap<string, TensorValue>,
): (value: string) => number | undefined {
  const inputs = model.graph.inputs.map((input) => {
    const dims = feeds.get(input.name)?.dims
    return dims === undefined ? input : { ...input, dims }
  })
  const bound: OnnxModel = { ...model, graph: { ...model.graph, inputs } }
  try {
    const { facts } = inferShapes(bound, model.file, { bindings: {}, assumeElementwise: [] })
    return (value) => {
      const fact = facts.get(value)
      // Floats stay as they are, everything else becomes doubles.
      return fact?.shape.reduce((product, dim) => product * dim, fact.type === 'float' ? 4 : 8)
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return () => undefined
  }
}
