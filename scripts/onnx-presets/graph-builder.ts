import type {
  AttributeDraft,
  ModelDraft,
  NodeDraft,
  TensorDraft,
  ValueDraft,
} from '../../src/formats/onnx/index.js'

/** File that the graphs say their weights are in. It is not shipped: only structure and shapes are. */
const WEIGHTS = 'weights-not-shipped.bin'

/** Collects the nodes and constants of a graph; every method returns the name of the value it makes. */
export class GraphBuilder {
  private readonly nodes: NodeDraft[] = []
  private readonly initializers: TensorDraft[] = []
  private readonly counts = new Map<string, number>()
  private weightBytes = 0

  /** A node with one output, named after its operator and a running number below `scope`. */
  add(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeDraft>> = {},
    scope = '',
  ): string {
    return this.addAll(opType, inputs, 1, attributes, scope)[0]
  }

  /** A node with several outputs. */
  addAll(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, AttributeDraft>> = {},
    scope = '',
  ): string[] {
    const name = this.fresh(`${scope}/${opType}`)
    const made = Array.from({ length: outputs }, (_, i) => `${name}_output_${i}`)
    this.nodes.push({ name, opType, inputs, outputs: made, attributes })
    return made
  }

  /** A float weight whose elements are elsewhere. */
  weight(name: string, dims: readonly number[]): string {
    const byteLength = 4 * dims.reduce((product, size) => product * size, 1)
    this.initializers.push({
      name,
      elementType: 'float',
      dims,
      values: [],
      external: { location: WEIGHTS, offset: this.weightBytes, byteLength },
    })
    this.weightBytes += byteLength
    return name
  }

  /** A small integer constant, stored in the graph. */
  integers(values: readonly number[], scalar = false): string {
    const name = this.fresh('const')
    this.initializers.push({
      name,
      elementType: 'int64',
      dims: scalar ? [] : [values.length],
      values,
    })
    return name
  }

  /** A scalar constant, stored in the graph. */
  scalar(value: number): string {
    const name = this.fresh('scalar')
    this.initializers.push({ name, elementType: 'float', dims: [], values: [value] })
    return name
  }

  finish(
    name: string,
    opset: number,
    inputs: readonly ValueDraft[],
    outputs: readonly string[],
  ): ModelDraft {
    return {
      name,
      opset,
      nodes: this.nodes,
      initializers: this.initializers,
      inputs,
      outputs: outputs.map((output) => ({ name: output, elementType: 'float' })),
    }
  }

  private fresh(base: string): string {
    const count = this.counts.get(base) ?? 0
    this.counts.set(base, count + 1)
    return count === 0 ? base : `${base}_${count}`
  }
}
