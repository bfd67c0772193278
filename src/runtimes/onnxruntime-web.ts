import { halfToNumber, InputError, numberToHalf } from '../base/index.js'
import type { OnnxElementType } from '../model/index.js'
import type { NetworkRuntime, TensorValue } from '../profile/index.js'
import { loadedWeights, mountedWeights, type WeightFile } from './file-weights.js'

/** The few parts of onnxruntime-web that are used; the package is optional, so its types are not imported. */
interface Ort {
  readonly env: {
    logLevel?: string
    readonly wasm: { numThreads?: number }
    readonly versions?: { readonly common?: string }
  }
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => OrtTensor
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: { readonly externalData: readonly OrtFile[] } & Readonly<Record<string, unknown>>,
    ): Promise<OrtSession>
  }
}

interface OrtFile {
  readonly path: string
  readonly data: Uint8Array
}

interface OrtTensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: ArrayLike<number> | BigInt64Array
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
  /** The graph, with its weights as references into `files`. */
  readonly bytes: Uint8Array
  readonly files: ReadonlyMap<string, WeightFile>
  /** Bytes of `files` that the runtime cannot do without. */
  readonly weightBytes: number
  /** Element type of each input. */
  readonly inputTypes: ReadonlyMap<string, OnnxElementType>
}

/**
 * A runtime on onnxruntime-web (WebAssembly, one thread). Graph optimisation is off: fused operators would lose the
 * values between them. The session has the only copy of the weights.
 * @throws InputError E-RUN-003 when the package is missing, E-RUN-004 when it rejects the model
 */
export async function createOrtRuntime(model: OrtModel): Promise<NetworkRuntime> {
  const ort = await load()
  const { file, inputTypes } = model
  ort.env.logLevel = 'error'
  ort.env.wasm.numThreads = 1
  let session: OrtSession
  try {
    session = await openSession(ort, model)
  } catch (error) {
    throw new InputError({
      code: 'E-RUN-004',
      at: { file },
      message: `onnxruntime does not accept the model: ${reason(error)}`,
    })
  }
  return {
    name: `onnxruntime-web-${ort.env.versions?.common ?? 'unknown'}`,
    async run(feeds, wanted) {
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
      }
      return results
    },
    close: () => session.release(),
  }
}

/**
 * Opens a session that reads its weights from the files itself. Should a version of the runtime read them in a way that
 * the files do not answer, which shows in too few bytes read, they are loaded and handed over whole.
 */
export async function openSession(
  ort: Pick<Ort, 'InferenceSession'>,
  { bytes, files, weightBytes }: Pick<OrtModel, 'bytes' | 'files' | 'weightBytes'>,
): Promise<OrtSession> {
  const open = (externalData: readonly OrtFile[]): Promise<OrtSession> =>
    ort.InferenceSession.create(bytes, {
      graphOptimizationLevel: 'disabled',
      executionProviders: ['wasm'],
      logSeverityLevel: 3,
      // Memory for values is taken when needed and given back: samples differ, and an arena only grows.
      enableCpuMemArena: false,
      // Weights stay as they were read, instead of being repacked into a second copy of each.
      extra: { session: { disable_prepacking: '1' } },
      externalData,
    })
  const mounted = [...files].map(([path, file]) => ({ path, ...mountedWeights(file) }))
  const session = await open(mounted.map(({ path, data }) => ({ path, data })))
  if (mounted.reduce((sum, file) => sum + file.bytesRead(), 0) >= weightBytes) return session
  await session.release()
  return open([...files].map(([path, file]) => ({ path, data: loadedWeights(file) })))
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
  float16: ['float16', (data) => Uint16Array.from(data, numberToHalf)],
}

function toOrt(ort: Ort, value: TensorValue, type: OnnxElementType): OrtTensor {
  const [name, convert] = inputArrays[type] ?? [
    'float32',
    (data: TensorValue['data']): Float32Array => Float32Array.from(data),
  ]
  return new ort.Tensor(name, convert(value.data), value.dims)
}

/** Elements of an output; the runtime has copied them out of its own memory already. */
function fromOrt({ data, type }: OrtTensor): Float32Array | Float64Array {
  // Where the language has no array of halves, their bit patterns come.
  if (type === 'float16' && data instanceof Uint16Array) {
    return Float32Array.from(data, halfToNumber)
  }
  if (data instanceof Float32Array || data instanceof Float64Array) return data
  if (data instanceof BigInt64Array) return Float64Array.from(data, (x) => Number(x))
  return Float64Array.from(data)
}
