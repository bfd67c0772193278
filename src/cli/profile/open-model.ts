import { basename } from 'node:path'
import { fnv1a32, InputError } from '../../base/index.js'
import {
  detachWeights,
  locate,
  readOnnx,
  readTensorPieces,
  type ByteSource,
  type ExternalFiles,
} from '../../formats/onnx/index.js'
import type { OnnxModel, OnnxTensor } from '../../model/index.js'
import { createInterpreter, type ConstantReader, type NetworkRuntime } from '../../profile/index.js'
import { createOrtRuntime } from '../../runtimes/index.js'
import { openExternalFiles, openFileSource } from '../file-source.js'

/** An open model file: its graph, and its weights on demand. */
export interface OpenModel {
  readonly model: OnnxModel
  readonly source: ByteSource
  readonly external: ExternalFiles
  /** Finds the elements of one constant in the file; nothing is kept. */
  readonly weights: ConstantReader
  /** Changes when the model's file or a file of its weights does, as far as {@link fingerprintOf} sees. */
  fingerprint(): string
  close(): void
}

/**
 * Opens an ONNX file without loading its weights.
 * @throws InputError for a missing or damaged file, and for every external weight file that is missing
 */
export function openModel(path: string): OpenModel {
  const source = openFileSource(path)
  const external = openExternalFiles(path)
  const close = (): void => {
    source.close()
    external.close()
  }
  try {
    const model = readOnnx(source)
    const missing = new Map<string, unknown>()
    for (const tensor of model.graph.initializers.values()) {
      if (tensor.storage.kind !== 'external') continue
      try {
        locate(source, external.files, tensor)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        missing.set(tensor.storage.location, error.diagnostics[0])
      }
    }
    if (missing.size > 0) throw new InputError([...missing.values()] as InputError['diagnostics'])
    return {
      model,
      source,
      external: external.files,
      weights: (name) => {
        const tensor = model.graph.initializers.get(name) ?? constantNode(model, name)
        return {
          dims: tensor.dims,
          forEachPiece: (take) => readTensorPieces(source, external.files, tensor, take),
        }
      },
      fingerprint: () => {
        const files = [
          source,
          ...externalLocations(model).flatMap((at) => external.files(at) ?? []),
        ]
        return `${basename(path)} ${files.map(fingerprintOf).join(' ')}`
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** Files besides the model's own that hold weights, by the location that the model gives. */
function externalLocations(model: OnnxModel): string[] {
  const locations = [...model.graph.initializers.values()].flatMap(({ storage }) =>
    storage.kind === 'external' ? [storage.location] : [],
  )
  return [...new Set(locations)]
}

/** Size and a hash of 256 pieces spread over a file: other weights differ in every piece of it. */
function fingerprintOf(source: ByteSource): string {
  const { byteLength } = source
  const length = Math.min(1024, byteLength)
  const pieces = Array.from({ length: 256 }, (_, i) =>
    Buffer.from(source.read(Math.floor((i * (byteLength - length)) / 255), length)),
  )
  return `${byteLength}-${fnv1a32(Buffer.concat(pieces).toString('latin1'))}`
}

/** Weights held by a Constant node instead of an initializer. */
function constantNode(model: OnnxModel, name: string): OnnxTensor {
  const node = model.graph.nodes.find((each) => each.outputs.includes(name))
  const value = node?.attributes.get('value')
  if (value?.kind !== 'tensor') {
    throw new InputError({
      code: 'E-ONNX-010',
      at: { file: model.file },
      message: `the weights "${name}" are neither an initializer nor a constant`,
    })
  }
  return value.value
}

/** The runtimes of `--runtime`. */
export const runtimeNames = ['auto', 'onnxruntime', 'builtin'] as const

/**
 * Makes a runtime that can return the wanted values. `auto` takes onnxruntime-web when it is installed, else the
 * interpreter.
 */
export async function openRuntime(
  kind: string,
  open: OpenModel,
  wanted: readonly string[],
  note: (message: string) => void,
): Promise<NetworkRuntime> {
  const { model, source } = open
  if (kind === 'builtin') return createInterpreter(model, open.weights)
  try {
    return await createOrtRuntime({
      file: source.name,
      ...detachWeights(source, open.external, model, wanted),
      inputTypes: new Map(model.graph.inputs.map((input) => [input.name, input.elementType])),
    })
  } catch (error) {
    const absent = error instanceof InputError && error.diagnostics[0].code === 'E-RUN-003'
    if (kind !== 'auto' || !absent) throw error
    note('onnxruntime-web is not installed: using the built-in interpreter, which is slow')
    return createInterpreter(model, open.weights)
  }
}
