import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, extname, join, relative } from 'node:path'
import { fnv1a32, InputError, suggestName } from '../../base/index.js'
import {
  decodeImage,
  imageTensor,
  isImageName,
  normalisations,
  type ImagePreparation,
} from '../../formats/images/index.js'
import { readNpy, readNpz, type NpyArray } from '../../formats/tensors/index.js'
import { fedInputs, type OnnxModel, type OnnxValueInfo } from '../../model/index.js'
import type { TensorValue } from '../../profile/index.js'

/** The inputs of a profile run, one sample at a time. */
export interface Samples {
  readonly count: number
  /** The folder, archive or array that a sample comes from. */
  dataset(sample: number): string
  /** Changes when the sample does, for resuming. */
  label(sample: number): string
  read(sample: number): ReadonlyMap<string, TensorValue>
}

export interface SampleOptions {
  /** Rows × columns for models whose input size is open. */
  readonly imageSize?: readonly [number, number]
  readonly normalize: string
}

/**
 * Opens `--inputs`: a folder of PNG and JPEG images (each sub-folder is a data set), or a `.npz` or `.npy` file whose
 * first axis counts samples.
 * @throws InputError E-INP-001 … 008
 */
export async function openSamples(
  path: string,
  model: OnnxModel,
  options: SampleOptions,
): Promise<Samples> {
  if (!existsSync(path)) {
    throw new InputError({
      code: 'E-INP-001',
      at: { file: path },
      message: 'there is no such file or folder',
    })
  }
  if (statSync(path).isDirectory()) return imageFolder(path, model, options)
  const extension = extname(path).toLowerCase()
  const bytes = new Uint8Array(readFileSync(path))
  if (extension === '.npz') return arraySamples(path, await readNpz(bytes, path), model)
  if (extension === '.npy') {
    const [input, ...others] = fedInputs(model.graph)
    if (others.length > 0) {
      throw new InputError({
        code: 'E-INP-002',
        at: { file: path },
        message: `the model has ${others.length + 1} inputs, one array is not enough`,
        hint: `give an .npz file with arrays named ${fedInputs(model.graph)
          .map((each) => each.name)
          .join(', ')}`,
      })
    }
    return arraySamples(path, new Map([[input.name, readNpy(bytes, path)]]), model)
  }
  throw new InputError({
    code: 'E-INP-003',
    at: { file: path },
    message: 'inputs are a folder of images, an .npz or an .npy file',
  })
}

function imageFolder(folder: string, model: OnnxModel, options: SampleOptions): Samples {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isImageName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  if (files.length === 0) {
    throw new InputError({
      code: 'E-INP-004',
      at: { file: folder },
      message: 'the folder holds no PNG or JPEG image',
    })
  }
  const { input, preparation } = imageInput(folder, model, options)
  const dataset = (sample: number): string => {
    const parts = relative(folder, files[sample]).split(/[\\/]/)
    return parts.length > 1 ? parts[0] : basename(folder)
  }
  return {
    count: files.length,
    dataset: (sample) => cell(dataset(sample)),
    label: (sample) => `${relative(folder, files[sample])} ${hashOf(readFileSync(files[sample]))}`,
    read: (sample) => {
      const image = decodeImage(new Uint8Array(readFileSync(files[sample])), files[sample])
      return new Map([[input, imageTensor(image, preparation)]])
    },
  }
}

/** Which input of the model takes the images, and in which form. */
function imageInput(
  folder: string,
  model: OnnxModel,
  options: SampleOptions,
): { input: string; preparation: ImagePreparation } {
  const fail = (message: string, hint: string): never => {
    throw new InputError({ code: 'E-INP-005', at: { file: model.file }, message, hint })
  }
  const inputs = fedInputs(model.graph)
  if (inputs.length !== 1) {
    fail(
      `images need a model with one input, this one has ${inputs.length}: ${inputs.map((each) => each.name).join(', ')}`,
      'give an .npz file with one array per input',
    )
  }
  const [{ name, dims }] = inputs
  const normalisation = normalisations[options.normalize]
  if (normalisation === undefined) {
    throw new InputError({
      code: 'E-INP-006',
      message: `unknown normalisation "${options.normalize}"`,
      hint: suggestName(options.normalize, Object.keys(normalisations)),
    })
  }
  const isCount = (dim: unknown): dim is 1 | 3 => dim === 1 || dim === 3
  if (dims?.length !== 4) {
    return fail(
      `the input "${name}" is [${shapeText(dims)}], images need [batch, channels, rows, columns]`,
      `give the samples of ${folder} as an .npz file`,
    )
  }
  const layout = isCount(dims[1]) || !isCount(dims[3]) ? 'nchw' : 'nhwc'
  const channels = layout === 'nchw' ? dims[1] : dims[3]
  const size = layout === 'nchw' ? dims.slice(2) : dims.slice(1, 3)
  const [height, width] = size.map((dim, axis) =>
    typeof dim === 'number' ? dim : options.imageSize?.[axis],
  )
  if (channels !== undefined && typeof channels === 'number' && !isCount(channels)) {
    return fail(
      `the input "${name}" has ${channels} channels, images have 1 or 3`,
      'give an .npz file',
    )
  }
  if (height === undefined || width === undefined) {
    return fail(
      `the input "${name}" is [${shapeText(dims)}]: its rows and columns are open`,
      'say how large images shall be, e.g. --image-size 224x224',
    )
  }
  checkBatch(model, inputs[0])
  const preparation = {
    height,
    width,
    channels: isCount(channels) ? channels : 3,
    layout,
    ...normalisation,
  } as const
  return { input: name, preparation }
}

function arraySamples(
  file: string,
  arrays: ReadonlyMap<string, NpyArray>,
  model: OnnxModel,
): Samples {
  const inputs = fedInputs(model.graph)
  const problems: { code: string; at: { file: string }; message: string; hint?: string }[] = []
  const chosen = new Map<string, { array: NpyArray; dims: readonly number[] }>()
  for (const input of inputs) {
    const array =
      arrays.get(input.name) ??
      (inputs.length === 1 && arrays.size === 1 ? [...arrays.values()][0] : undefined)
    if (array === undefined) {
      problems.push({
        code: 'E-INP-007',
        at: { file },
        message: `there is no array for the model's input "${input.name}"`,
        hint: suggestName(input.name, arrays.keys()),
      })
      continue
    }
    checkBatch(model, input)
    // One axis more than the input: the first counts samples; as many: the batch axis does.
    const rank = input.dims?.length ?? array.shape.length
    const own =
      array.shape.length === rank + 1 ? array.shape.slice(1) : [1, ...array.shape.slice(1)]
    const wrong = input.dims?.findIndex((dim, axis) => typeof dim === 'number' && dim !== own[axis])
    if (own.length !== rank || (wrong !== undefined && wrong >= 0)) {
      problems.push({
        code: 'E-INP-008',
        at: { file },
        message: `one sample for "${input.name}" is [${own.join(', ')}], the model expects [${shapeText(input.dims)}]`,
        hint: 'the first axis of the array counts samples',
      })
      continue
    }
    chosen.set(input.name, { array, dims: own })
  }
  const counts = new Set([...chosen.values()].map(({ array }) => array.shape[0]))
  if (problems.length === 0 && counts.size > 1) {
    problems.push({
      code: 'E-INP-008',
      at: { file },
      message: `the arrays hold different numbers of samples: ${[...counts].join(', ')}`,
    })
  }
  if (problems.length > 0) throw new InputError(problems)
  const [count] = counts
  const read = (sample: number): ReadonlyMap<string, TensorValue> =>
    new Map(
      [...chosen].map(([name, { array, dims }]) => {
        const size = dims.reduce((product, dim) => product * dim, 1)
        const data = array.data.subarray(sample * size, (sample + 1) * size)
        return [name, { dims, data }]
      }),
    )
  return {
    count: count ?? 0,
    dataset: () => cell(basename(file, extname(file))),
    label: (sample) =>
      [...read(sample)].map(([name, { data }]) => `${name} ${hashOf(data)}`).join(' '),
    read,
  }
}

function checkBatch(model: OnnxModel, input: OnnxValueInfo): void {
  const batch = input.dims?.[0]
  if (typeof batch !== 'number' || batch === 1 || (input.dims?.length ?? 0) < 2) return
  throw new InputError({
    code: 'E-INP-009',
    at: { file: model.file },
    message: `the input "${input.name}" has a fixed batch of ${batch}; samples are profiled one at a time`,
    hint: 'export the model with a batch of 1 or an open batch',
  })
}

function shapeText(dims: OnnxValueInfo['dims']): string {
  return dims === undefined ? 'unknown' : dims.map((dim) => dim ?? '?').join(', ')
}

function hashOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return fnv1a32(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'))
}

/** Text that can stand in a CSV cell. */
function cell(text: string): string {
  return text.replaceAll(/[,"\s]+/g, '_')
}
