import { InputError } from '../../base/index.js'
import type { OnnxTensor } from '../../model/index.js'
import type { ByteSource, ExternalFiles } from './byte-source.js'
import { elementBytes } from './element-types.js'
import { locate } from './read-tensor.js'

/** Elements of one tensor to set to zero: 1 = zero it. */
export interface ZeroedTensor {
  readonly tensor: OnnxTensor
  readonly remove: Uint8Array
}

/**
 * The files of a model with weights set to zero: the model itself, and each external file that holds some of them, by
 * its location. Bytes are patched in place, so everything else stays as it was.
 * @throws InputError (E-ONNX-009) for weights stored in a way that cannot be patched
 */
export function zeroWeights(
  source: ByteSource,
  external: ExternalFiles,
  zeroed: readonly ZeroedTensor[],
): { readonly model: Uint8Array; readonly external: ReadonlyMap<string, Uint8Array> } {
  const model = wholeOf(source)
  const files = new Map<string, Uint8Array>()
  for (const { tensor, remove } of zeroed) {
    const width = elementBytes(tensor.elementType)
    if (tensor.storage.kind === 'fields' || width === undefined || width < 1) {
      throw new InputError({
        code: 'E-ONNX-009',
        at: { file: source.name },
        message: `the weights of "${tensor.name}" are stored as ${tensor.elementType} in separate fields and cannot be patched`,
        hint: 'save the model with raw tensors (any current exporter does)',
      })
    }
    const { data, offset } = locate(source, external, tensor)
    let bytes: Uint8Array = model
    if (tensor.storage.kind === 'external') {
      const { location } = tensor.storage
      bytes = files.get(location) ?? wholeOf(data)
      files.set(location, bytes)
    }
    for (let i = 0; i < remove.length; i++) {
      if (remove[i] === 1) bytes.fill(0, offset + i * width, offset + (i + 1) * width)
    }
  }
  return { model, external: files }
}

/** A copy that may be written to. */
function wholeOf(source: ByteSource): Uint8Array {
  const bytes = new Uint8Array(source.byteLength)
  source.readInto(bytes, 0)
  return bytes
}
