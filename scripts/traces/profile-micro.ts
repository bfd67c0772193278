// Profiles the micro networks of presets/networks on generated data and writes presets/traces/micro-* and examples/.
// Usage: npx tsx scripts/traces/profile-micro.ts
import { encode } from 'fast-png'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
  shapeClasses,
  shapeImage,
  tokenSequence,
  type Lighting,
} from '../../src/profile/micro/index.js'
import { writeTraceFolder } from './write-trace-folder.js'

const SAMPLES = 100
// A network of 32 tokens never fills more than one load of the real array: its time would not depend on sparsity.
const smallSanger = sangerX({ ...sangerMachine, rows: 8, elementsPerRow: 4 })
const root = new URL('../../', import.meta.url).pathname

interface Sample {
  readonly dataset: string
  readonly feeds: ReadonlyMap<string, TensorValue>
}

function images(): Sample[] {
  return (['bright', 'dark'] as const).flatMap((dataset) =>
    Array.from({ length: SAMPLES }, (_, i) => {
      const data = imagePlanes(shapeImage(700_000 + i, dataset))
      return {
        dataset,
        feeds: new Map([['image', { dims: [1, 3, IMAGE_SIZE, IMAGE_SIZE], data }]]),
      }
    }),
  )
}

function sequences(): Sample[] {
  return (['varied', 'poor'] as const).flatMap((dataset) =>
    Array.from({ length: SAMPLES }, (_, i) => {
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

const cnn: NetworkProfile[] = []
const attention: NetworkProfile[] = []
for (const kind of ['', 'random', 'block', 'filter']) {
  const name = (network: string, percent: number): string =>
    kind === '' ? network : `${network}_${kind}${percent}`
  cnn.push(await measure(name('micro-cnn', 60), eyerissX(), 2e-3, images()))
  attention.push(await measure(name('micro-attention', 20), smallSanger, 1e-2, sequences()))
}
writeTraceFolder(
  'micro-cnn',
  'A tiny CNN, dense and pruned in three patterns, measured on Eyeriss-V2 (measured-micro)',
  `Five convolutions and a classifier, trained on generated 16×16 images of eight shapes, then pruned to 60 % while
training went on. Profiled on ${SAMPLES} bright images like those of the training and ${SAMPLES} dark ones that training
never saw. Made by \`scripts/traces/train-micro.ts\` and \`profile-micro.ts\`.`,
  cnn,
)
writeTraceFolder(
  'micro-attention',
  'A tiny transformer, dense and pruned in three patterns, measured on a small Sanger (measured-micro)',
  `Two blocks of two heads over 32 tokens, trained to count how often each token occurs, then pruned to 20 % while
training went on. Profiled on ${SAMPLES} sequences of many letters like those of the training and ${SAMPLES} of few
letters that training never saw. Scores of probability 0.01 or less are pruned; the array is
scaled to 8 rows of 4 elements, because the real one would hold every score at once. Made by
\`scripts/traces/train-micro.ts\` and \`profile-micro.ts\`.`,
  attention,
)

for (const lighting of ['bright', 'dark'] satisfies Lighting[]) {
  const folder = join(root, 'examples/shapes', lighting)
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i < 16; i++) {
    const { pixels, label } = shapeImage(700_000 + i, lighting)
    const png = encode({
      width: IMAGE_SIZE,
      height: IMAGE_SIZE,
      data: pixels,
      channels: 3,
      depth: 8,
    })
    writeFileSync(join(folder, `${String(i).padStart(2, '0')}-${shapeClasses[label]}.png`), png)
  }
}
