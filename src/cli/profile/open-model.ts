import { basename } from 'node:path'
import { fnv1a32, InputError } from '../../base/index.js'
import {
  exposeValues,
  locate,
  readOnnx,
  readTensor,
  type ByteSource,
  type ExternalFiles,
} from '../../formats/onnx/index.js'
import type { OnnxModel } from '../../model/index.js'
import {
  createInterpreter,
  type ConstantReader,
  type NetworkRuntime,
  type TensorValue,
} from '../../profile/index.js'
import { createOrtRuntime } from '../../runtimes/index.js'
import { openExternalFiles, openFileSource } from '../file-source.js'

/** An open model file: its graph, and its weights on demand. */
export interface OpenModel {
  readonly model: OnnxModel
  readonly source: ByteSource
  readonly external: ExternalFiles
  /** Reads one initializer; nothing is kept. */
  readonly weights: ConstantReader
  /** Changes when the file does: its size and both ends. */
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
        const tensor = model.graph.initializers.get(name)
        if (tensor !== undefined) {
          return { dims: tensor.dims, data: readTensor(source, external.files, tensor) }
        }
        return constantNode(model, source, external.files, name)
      },
      fingerprint: () => {
        const piece = Math.min(65536, source.byteLength)
        const ends = [source.read(0, piece), source.read(source.byteLength - piece, piece)]
        const text = ends.map((bytes) => Buffer.from(bytes).toString('latin1')).join('')
        return `${basename(path)} ${source.byteLength} ${fnv1a32(text)}`
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** Weights held by a Constant node instead of an initializer. */
function constantNode(
  model: OnnxModel,
  source: ByteSource,
  external: ExternalFiles,
  name: string,
): TensorValue {
  const node = model.graph.nodes.find((each) => each.outputs.includes(name))
  const value = node?.attributes.get('value')
  if (value?.kind !== 'tensor') {
    throw new InputError({
      code: 'E-ONNX-010',
      at: { file: model.file },
      message: `the weights "${name}" are neither an initializer nor a constant`,
    })
  }
  return { dims: value.value.dims, data: readTensor(source, external, value.value) }
}

/** The runtimes of `--runtime`. */
export const runtimeNames = ['auto', 'onnxruntime', 'builtin'] as const

/**
 * Makes a runtime that returns the wanted values. `auto` takes onnxruntime-web when it is installed, else the
 * interpreter.
 */
export async function openRuntime(
  kind: string,
  open: OpenModel,
  wanted: readonly string[],
  note: (message: string) => void,
): Promise<NetworkRuntime> {
  const { model, source } = open
  const builtin = (): NetworkRuntime => createInterpreter(model, open.weights, wanted)
  if (kind === 'builtin') return builtin()
  const locations = new Set<string>()
  for (const { storage } of model.graph.initializers.values()) {
    if (storage.kind === 'external') locations.add(storage.location)
  }
  try {
    return await createOrtRuntime({
      file: source.name,
      bytes: exposeValues(source, model, wanted),
      external: [...locations].flatMap((path) => {
        const file = open.external(path)
        return file ? [{ path, data: file.read(0, file.byteLength) }] : []
      }),
      inputTypes: new Map(model.graph.inputs.map((input) => [input.name, input.elementType])),
      wanted,
    })
  } catch (error) {
    const absent = error instanceof InputError && error.diagnostics[0].code === 'E-RUN-003'
    if (kind !== 'auto' || !absent) throw error
    note('onnxruntime-web is not installed: using the built-in interpreter, which is slow')
    return builtin()
  }
}
