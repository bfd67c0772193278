import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  bytesSource,
  noExternalFiles,
  readOnnx,
  readTensorPieces,
} from '../../src/formats/onnx/index.js'
import type { NetworkProfile } from '../../src/model/index.js'
import {
  createInterpreter,
  createProfiler,
  eyerissX,
  sangerMachine,
  sangerX,
  type ConstantReader,
  type LatencyModel,
  type TensorValue,
} from '../../src/profile/index.js'
import {
  IMAGE_SIZE,
  imagePlanes,
  SEQUENCE_LENGTH,
  shapeImage,
  tokenSequence,
} from '../../src/profile/micro/index.js'

/** Samples of each of the two data sets of a network. */
export const SAMPLES = 100
// A network of 32 tokens never fills more than one load of the real array: its time would not depend on sparsity.
const smallSanger = sangerX({ ...sangerMachine, rows: 8, elementsPerRow: 4 })
const root = new URL('../../', import.meta.url).pathname

interface Sample {
  readonly dataset: string
  readonly feeds: ReadonlyMap<string, TensorValue>
}

function images(count: number): Sample[] {
  return (['bright', 'dark'] as const).flatMap((dataset) =>
    Array.from({ length: count }, (_, i) => {
      const data = imagePlanes(shapeImage(700_000 + i, dataset))
      return {
        dataset,
        feeds: new Map([['image', { dims: [1, 3, IMAGE_SIZE, IMAGE_SIZE], data }]]),
      }
    }),
  )
}

function sequences(count: number): Sample[] {
  return (['varied', 'poor'] as const).flatMap((dataset) =>
    Array.from({ length: count }, (_, i) => {
      const data = Float64Array.from(tokenSequence(700_000 + i, dataset).tokens)
      return { dataset, feeds: new Map([['tokens', { dims: [1, SEQUENCE_LENGTH], data }]]) }
    }),
  )
}

async function measure(
  file: string,
  latency: LatencyModel,
  threshold: number,
  samples: readonly Sample[],
): Promise<NetworkProfile> {
  const bytes = new Uint8Array(readFileSync(join(root, 'presets/networks', `${file}.onnx`)))
  const source = bytesSource(file, bytes)
  const model = readOnnx(source)
  const constants: ConstantReader = (name) => {
    const tensor = model.graph.initializers.get(name)
    if (tensor === undefined) throw new Error(`no initializer ${name}`)
    return {
      dims: tensor.dims,
      forEachPiece: (take) => readTensorPieces(source, noExternalFiles, tensor, take),
    }
  }
  const profiler = createProfiler(model.graph, {
    accelerator: latency,
    threshold,
    readWeights: constants,
  })
  const runtime = createInterpreter(model, constants)
  const measured: { dataset: string; layers: ReturnType<typeof profiler.measure> }[] = []
  for (const [i, { dataset, feeds }] of samples.entries()) {
    const values = await runtime.run(feeds, profiler.wanted)
    measured.push({ dataset, layers: profiler.measure(new Map([...values, ...feeds]), i) })
  }
  return {
    kind: 'network-profile',
    name: file,
    network: file.split('_')[0],
    provenance: 'measured-micro',
    accelerator: latency.name,
    generator: `scripts/traces/profile-micro.ts on ${runtime.name}, data seeds from 700000, training seed 1, threshold ${threshold}`,
    layers: profiler.facts(),
    samples: measured,
  }
}

/** Profiles a shipped CNN on Eyeriss-V2. */
export function measureCnn(file: string, count = SAMPLES): Promise<NetworkProfile> {
  return measure(file, eyerissX(), 2e-3, images(count))
}

/** Profiles a shipped attention network on a small Sanger. */
export function measureAttention(file: string, count = SAMPLES): Promise<NetworkProfile> {
  return measure(file, smallSanger, 1e-2, sequences(count))
}
