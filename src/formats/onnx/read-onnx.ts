import { InputError } from '../../base/index.js'
import {
  onnxElementTypes,
  type OnnxDim,
  type OnnxElementType,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../../model/index.js'
import type { ByteSource } from './byte-source.js'
import { readAttribute } from './read-attribute.js'
import { readTensorMessage } from './read-tensor-message.js'
import { WireReader } from './wire-reader.js'

/**
 * Skims an ONNX model: graph, shapes and small constants; weights are located, never loaded. Field numbers are those
 * of onnx.proto (ModelProto, GraphProto, NodeProto, ValueInfoProto).
 * @throws InputError (E-ONNX-001 damaged, E-ONNX-002 no graph, E-ONNX-003 duplicate value, E-ONNX-008 no operator set)
 */
export function readOnnx(source: ByteSource): OnnxModel {
  const reader = WireReader.over(source)
  const opsets = new Map<string, number>()
  const functions: string[] = []
  let irVersion = 0
  let producer = ''
  // Protobuf merges an embedded message that occurs twice, so the graph may come in parts.
  const draft = emptyDraft()
  let hasGraph = false
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        irVersion = reader.varint()
        break
      case 2:
        producer = reader.string()
        break
      case 7:
        readGraphInto(draft, reader.message(), source)
        hasGraph = true
        break
      case 8:
        readOpset(reader.message(), opsets)
        break
      case 25:
        functions.push(readFunctionName(reader.message()))
        break
      default:
        reader.skip()
    }
  }
  if (!hasGraph) {
    throw new InputError({
      code: 'E-ONNX-002',
      at: { file: source.name },
      message: 'the file holds no graph: not an ONNX model',
    })
  }
  // Only the first two format versions had no operator sets; elsewhere their lack means that the file's end is missing.
  if (opsets.size === 0 && irVersion >= 3) {
    throw new InputError({
      code: 'E-ONNX-008',
      at: { file: source.name },
      message: 'the file declares no operator set',
      hint: 'it is cut short or was written by a broken exporter',
    })
  }
  const graph = freezeGraph(draft, source.name)
  return Object.freeze({
    kind: 'onnx-model',
    file: source.name,
    irVersion,
    producer,
    opsets,
    graph,
    functions,
  })
}

interface GraphDraft {
  name: string
  readonly nodes: OnnxNode[]
  readonly initializers: Map<string, OnnxTensor>
  readonly inputs: OnnxValueInfo[]
  readonly outputs: OnnxValueInfo[]
  readonly valueInfo: Map<string, OnnxValueInfo>
}

function emptyDraft(): GraphDraft {
  return {
    name: '',
    nodes: [],
    initializers: new Map(),
    inputs: [],
    outputs: [],
    valueInfo: new Map(),
  }
}

function readGraphInto(draft: GraphDraft, reader: WireReader, source: ByteSource): void {
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        draft.nodes.push(readNode(reader.message(), source))
        break
      case 2:
        draft.name = reader.string()
        break
      case 5: {
        const tensor = readTensorMessage(reader.message(), source)
        draft.initializers.set(tensor.name, tensor)
        break
      }
      case 11:
        draft.inputs.push(readValueInfo(reader.message()))
        break
      case 12:
        draft.outputs.push(readValueInfo(reader.message()))
        break
      case 13: {
        const info = readValueInfo(reader.message())
        draft.valueInfo.set(info.name, info)
        break
      }
      default:
        reader.skip()
    }
  }
}

function freezeGraph(draft: GraphDraft, file: string): OnnxGraph {
  const producers = new Map<string, OnnxNode>()
  for (const node of draft.nodes) {
    for (const output of node.outputs) {
      if (output === '') continue
      if (producers.has(output)) {
        throw new InputError({
          code: 'E-ONNX-003',
          at: { file },
          message: `the value "${output}" is computed by two nodes`,
        })
      }
      producers.set(output, node)
    }
  }
  return Object.freeze({ ...draft })
}

function readNode(reader: WireReader, source: ByteSource): OnnxNode {
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes: OnnxNode['attributes'] & Map<string, unknown> = new Map()
  let name = ''
  let opType = ''
  let domain = ''
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        inputs.push(reader.string())
        break
      case 2:
        outputs.push(reader.string())
        break
      case 3:
        name = reader.string()
        break
      case 4:
        opType = reader.string()
        break
      case 5: {
        const [key, attribute] = readAttribute(reader.message(), source)
        attributes.set(key, attribute)
        break
      }
      case 7:
        domain = reader.string()
        break
      default:
        reader.skip()
    }
  }
  // The standard operator set has two spellings.
  if (domain === 'ai.onnx') domain = ''
  return { name, opType, domain, inputs, outputs, attributes }
}

function readValueInfo(reader: WireReader): OnnxValueInfo {
  let name = ''
  let elementType: OnnxElementType = 'undefined'
  let dims: OnnxDim[] | undefined
  while (reader.next()) {
    if (reader.field === 1) name = reader.string()
    else if (reader.field === 2) {
      const type = reader.message()
      while (type.next()) {
        if (type.field !== 1) {
          type.skip()
          continue
        }
        const tensor = type.message()
        while (tensor.next()) {
          if (tensor.field === 1) elementType = onnxElementTypes[tensor.varint()] ?? 'undefined'
          else if (tensor.field === 2) dims = readShape(tensor.message())
          else tensor.skip()
        }
      }
    } else reader.skip()
  }
  return { name, elementType, ...(dims === undefined ? {} : { dims }) }
}

function readShape(reader: WireReader): OnnxDim[] {
  const dims: OnnxDim[] = []
  while (reader.next()) {
    if (reader.field !== 1) {
      reader.skip()
      continue
    }
    const dim = reader.message()
    let value: OnnxDim
    while (dim.next()) {
      if (dim.field === 1) value = dim.int64()
      else if (dim.field === 2) value = dim.string()
      else dim.skip()
    }
    // Exporters write -1, 0 or an empty symbol for "unknown".
    dims.push(value === '' || (typeof value === 'number' && value < 0) ? undefined : value)
  }
  return dims
}

function readOpset(reader: WireReader, opsets: Map<string, number>): void {
  let domain = ''
  let version = 0
  while (reader.next()) {
    if (reader.field === 1) domain = reader.string()
    else if (reader.field === 2) version = reader.varint()
    else reader.skip()
  }
  opsets.set(domain === 'ai.onnx' ? '' : domain, version)
}

function readFunctionName(reader: WireReader): string {
  let name = ''
  while (reader.next()) {
    if (reader.field === 1) name = reader.string()
    else reader.skip()
  }
  return name
}
