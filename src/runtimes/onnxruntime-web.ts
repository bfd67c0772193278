import { InputError } from '../base/index.js'
import type { OnnxElementType } from '../model/index.js'
import type { NetworkRuntime, TensorValue } from '../profile/index.js'

/** The few parts of onnxruntime-web that are used; the package is optional, so its types are not imported. */
interface Ort {
  readonly env: {
    logLevel?: string
    readonly wasm: { numThreads?: number }
    readonly versions?: { readonly common?: string }
  }
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => OrtTensor
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OrtSession>
  }
}

interface OrtTensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: ArrayLike<number> | BigInt64Array
  dispose(): void
}

interface OrtSession {
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, OrtTensor>>>
  release(): Promise<void>
}

export interface OrtModel {
  /** For messages. */
  readonly file: string
  /** The edited model; not needed any more once the promise is fulfilled. */
  readonly bytes: Uint8Array
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[]
  /** Element type of each input. */
  readonly inputTypes: ReadonlyMap<string, OnnxElementType>
  readonly wanted: readonly string[]
}

/**
 * A runtime on onnxruntime-web (WebAssembly, one thread). Graph optimisation is off: fused operators would lose the
 * values between them.
 * @throws InputError E-RUN-003 when the package is missing, E-RUN-004 when it rejects the model
 */
export async function createOrtRuntime(model: OrtModel): Promise<NetworkRuntime> {
  const ort = await load()
  // The runtime must not keep the model's bytes: the session has its own copy.
  const { file, inputTypes, wanted } = model
  ort.env.logLevel = 'error'
  ort.env.wasm.numThreads = 1
  let session: OrtSession
  try {
    session = await ort.InferenceSession.create(model.bytes, {
      graphOptimizationLevel: 'disabled',
      executionProviders: ['wasm'],
      logSeverityLevel: 3,
      ...(model.external.length > 0 ? { externalData: model.external } : {}),
    })
  } catch (error) {
    throw new InputError({
      code: 'E-RUN-004',
      at: { file },
      message: `onnxruntime does not accept the model: ${reason(error)}`,
    })
  }
  return {
    name: `onnxruntime-web-${ort.env.versions?.common ?? 'unknown'}`,
    async run(feeds) {
      const tensors: Record<string, OrtTensor> = {}
      for (const [name, value] of feeds) {
        tensors[name] = toOrt(ort, value, inputTypes.get(name) ?? 'float')
      }
      let outputs: Readonly<Record<string, OrtTensor>>
      try {
        outputs = await session.run(tensors, wanted)
      } catch (error) {
        throw new InputError({
          code: 'E-RUN-005',
          at: { file },
          message: `onnxruntime could not run the model on this input: ${reason(error)}`,
        })
      }
      const results = new Map<string, TensorValue>()
      for (const [name, tensor] of Object.entries(outputs)) {
        results.set(name, { dims: [...tensor.dims], data: fromOrt(tensor) })
        tensor.dispose()
      }
      return results
    },
    close: () => session.release(),
  }
}

async function load(): Promise<Ort> {
  try {
    return (await import('onnxruntime-web')) as unknown as Ort
  } catch (error) {
    throw new InputError({
      code: 'E-RUN-003',
      message: `onnxruntime-web cannot be loaded: ${reason(error)}`,
      hint: 'npm install onnxruntime-web, or use --runtime builtin for small networks of common operators',
    })
  }
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]
}

/** Element types of inputs that are not 32-bit floats: the runtime's name, and the array it wants. */
const inputArrays: Partial<
  Record<OnnxElementType, readonly [string, (data: TensorValue['data']) => unknown]>
> = {
  int64: ['int64', (data) => BigInt64Array.from(data, (x) => BigInt(Math.trunc(x)))],
  int32: ['int32', (data) => Int32Array.from(data)],
  uint8: ['uint8', (data) => Uint8Array.from(data)],
  bool: ['bool', (data) => Uint8Array.from(data)],
  double: ['float64', (data) => Float64Array.from(data)],
}

function toOrt(ort: Ort, value: TensorValue, type: OnnxElementType): OrtTensor {
  const [name, convert] = inputArrays[type] ?? [
    'float32',
    (data: TensorValue['data']): Float32Array => Float32Array.from(data),
  ]
  return new ort.Tensor(name, convert(value.data), value.dims)
}

function fromOrt(tensor: OrtTensor): Float32Array | Float64Array {
  const { data } = tensor
  if (data instanceof BigInt64Array) return Float64Array.from(data, (x) => Number(x))
  // Copied: the memory belongs to the runtime.
  return tensor.type === 'float32' ? Float32Array.from(data) : Float64Array.from(data)
}
