// Trains the micro networks, prunes them while training goes on, and writes them as ONNX into presets/networks.
// Usage: npx tsx scripts/traces/train-micro.ts [cnn|attention]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeOnnx, type ModelDraft } from '../../src/formats/onnx/index.js'
import type { Run } from '../../src/model/index.js'
import type { PruningPattern } from '../../src/profile/index.js'
import {
  accuracy,
  imagePlanes,
  microAttention,
  microCnn,
  shapeImage,
  tokenSequence,
  train,
  type Labelled,
  type MicroNetwork,
  type TrainingPlan,
} from '../../src/profile/micro/index.js'
import { exportAttention, exportCnn } from './export-micro.js'

const SEED = 1
const patterns: Record<string, PruningPattern> = {
  random: { kind: 'random' },
  block: { kind: 'block', size: 4 },
  filter: { kind: 'filter' },
}
const folder = new URL('../../presets/networks/', import.meta.url).pathname
const run: Run = {
  seed: SEED,
  cancelled: () => false,
  progress: ({ message }) => process.stderr.write(`\r${message}   `),
}

interface Recipe<Sample> {
  readonly make: (seed: number) => MicroNetwork<Sample>
  readonly sample: (seed: number, shifted: boolean) => Labelled<Sample>
  readonly dense: TrainingPlan
  readonly fine: TrainingPlan
  /** Final weight sparsity; the narrow matrices of the attention network bear less. */
  readonly sparsity: number
  readonly draft: (name: string, parameters: MicroNetwork<Sample>['parameters']) => ModelDraft
}

const cnn: Recipe<Float32Array> = {
  make: microCnn,
  sample: (seed, shifted) => {
    const image = shapeImage(seed, shifted ? 'dark' : 'bright')
    return { input: imagePlanes(image), labels: [image.label] }
  },
  dense: { batch: 16, steps: 300, rate: 3e-3 },
  fine: { batch: 16, steps: 80, rate: 1e-3 },
  sparsity: 0.6,
  draft: exportCnn,
}

const attention: Recipe<readonly number[]> = {
  make: microAttention,
  sample: (seed, shifted) => {
    const { tokens, labels } = tokenSequence(seed, shifted ? 'poor' : 'varied')
    return { input: tokens, labels }
  },
  dense: { batch: 8, steps: 400, rate: 3e-3 },
  fine: { batch: 8, steps: 120, rate: 2e-3 },
  sparsity: 0.2,
  draft: exportAttention,
}

const wanted = process.argv[2]
if (wanted !== 'attention') trainAll(cnn)
if (wanted !== 'cnn') trainAll(attention)

function trainAll<Sample>(recipe: Recipe<Sample>): void {
  const network = recipe.make(SEED)
  train(network, (i) => recipe.sample(1_000 + i, false), recipe.dense, run)
  save(recipe, network, network.name)
  const dense = network.parameters.map(({ value }) => value.data.slice())
  for (const [kind, pattern] of Object.entries(patterns)) {
    network.parameters.forEach(({ value }, i) => value.data.set(dense[i]))
    const plan = { ...recipe.fine, pruning: { pattern, sparsity: recipe.sparsity } }
    train(network, (i) => recipe.sample(500_000 + i, false), plan, run)
    save(recipe, network, `${network.name}_${kind}${100 * recipe.sparsity}`)
  }
}

function save<Sample>(recipe: Recipe<Sample>, network: MicroNetwork<Sample>, name: string): void {
  writeFileSync(join(folder, `${name}.onnx`), writeOnnx(recipe.draft(name, network.parameters)))
  const test = (shifted: boolean): string => {
    const samples = Array.from({ length: 200 }, (_, i) => recipe.sample(900_000 + i, shifted))
    return (100 * accuracy(network, samples)).toFixed(1)
  }
  process.stdout.write(`${name}: ${test(false)} % right, ${test(true)} % on shifted data\n`)
}
