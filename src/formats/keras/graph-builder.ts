import type {
  OnnxAttribute,
  OnnxElementType,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from '../../model/index.js'
import { outputFacts, type TensorFact } from '../onnx/index.js'

/** A tensor of the graph under construction; pictures have the axes batch, channels, rows, columns. */
export interface Value {
  readonly name: string
  /** Zeros that the reading layer adds, when a ZeroPadding2D can be done on the fly. */
  readonly padding?: { readonly begin: readonly number[]; readonly end: readonly number[] }
}

type Attributes = Readonly<Record<string, number | string | readonly number[]>>

const OPSET = 17

/** Builds the graph of an ONNX model node by node, with the shape of every tensor known at once. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = []
  private readonly initializers = new Map<string, OnnxTensor>()
  private readonly facts: Map<string, TensorFact>
  private readonly inputs: readonly OnnxValueInfo[]
  private readonly file: string

  /** @param facts of the inputs, symbolic sizes bound */
  constructor(
    file: string,
    inputs: readonly OnnxValueInfo[],
    facts: ReadonlyMap<string, TensorFact>,
  ) {
    this.file = file
    this.inputs = inputs
    this.facts = new Map(facts)
  }

  shape({ name }: Value): readonly number[] {
    return this.facts.get(name)?.shape ?? []
  }

  /** A constant of which only the shape is known, or all values. */
  constant(name: string, dims: readonly number[], values?: readonly number[]): string {
    const elementType: OnnxElementType = values === undefined ? 'float' : 'int64'
    this.initializers.set(name, {
      name,
      elementType,
      dims,
      storage: { kind: 'external', location: 'weights of the model', offset: 0 },
      ...(values === undefined ? {} : { values }),
    })
    this.facts.set(name, {
      shape: dims,
      type: elementType,
      ...(values === undefined ? {} : { value: values }),
    })
    return name
  }

  /**
   * Adds a node with one output, both of the given name.
   * @throws ShapeError when the shapes of its inputs do not fit
   */
  add(
    name: string,
    opType: string,
    inputs: readonly (Value | string)[],
    attributes: Attributes = {},
  ): Value {
    const node: OnnxNode = {
      name,
      opType,
      domain: '',
      inputs: inputs.map((input) => (typeof input === 'string' ? input : input.name)),
      outputs: [name],
      attributes: new Map(
        Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)]),
      ),
    }
    const [fact] = outputFacts(node, this.model([]), this.facts)
    this.nodes.push(node)
    this.facts.set(name, fact)
    return { name }
  }

  /** Adds a node of an unknown kind that works element by element. */
  addElementwise(name: string, opType: string, inputs: readonly Value[]): Value {
    this.nodes.push({
      name,
      opType,
      domain: '',
      inputs: inputs.map((input) => input.name),
      outputs: [name],
      attributes: new Map(),
    })
    const [first] = inputs
    this.facts.set(name, { shape: this.shape(first), type: 'float' })
    return { name }
  }

  /** The graph so far. */
  model(outputs: readonly Value[], name = ''): OnnxModel {
    return {
      kind: 'onnx-model',
      file: this.file,
      irVersion: 8,
      producer: 'keras',
      opsets: new Map([['', OPSET]]),
      graph: {
        name,
        nodes: this.nodes,
        initializers: this.initializers,
        inputs: this.inputs,
        outputs: outputs.map((output) => ({ name: output.name, elementType: 'float' })),
        valueInfo: new Map(),
      },
      functions: [],
    }
  }
}

function attributeOf(value: number | string | readonly number[]): OnnxAttribute {
  if (typeof value === 'number') return { kind: 'int', value }
  return typeof value === 'string' ? { kind: 'string', value } : { kind: 'ints', value }
}
