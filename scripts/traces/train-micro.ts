// Trains the micro networks, prunes them while training goes on, and writes them as ONNX into presets/networks.
// Usage: npx tsx scripts/traces/train-micro.ts [cnn|attention]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Run } from '../../src/model/index.js'
import { accuracy, type MicroNetwork } from '../../src/profile/micro/index.js'
import {
  attention,
  cnn,
  onnxOf,
  patterns,
  prunedName,
  SEED,
  trainDense,
  trainPruned,
  type PatternName,
  type Recipe,
} from './micro-recipes.js'

const folder = new URL('../../presets/networks/', import.meta.url).pathname
const run: Run = {
  seed: SEED,
  cancelled: () => false,
  progress: ({ message }) => process.stderr.write(`\r${message}   `),
}

const wanted = process.argv[2]
if (wanted !== 'attention') trainAll(cnn)
if (wanted !== 'cnn') trainAll(attention)

function trainAll<Sample>(recipe: Recipe<Sample>): void {
  const network = trainDense(recipe, run)
  save(recipe, network, network.name)
  const dense = network.parameters.map(({ value }) => value.data.slice())
  for (const pattern of Object.keys(patterns) as PatternName[]) {
    network.parameters.forEach(({ value }, i) => value.data.set(dense[i]))
    trainPruned(recipe, network, pattern, run)
    save(recipe, network, prunedName(recipe, network, pattern))
  }
}

function save<Sample>(recipe: Recipe<Sample>, network: MicroNetwork<Sample>, name: string): void {
  writeFileSync(join(folder, `${name}.onnx`), onnxOf(recipe, network, name))
  const test = (shifted: boolean): string => {
    const samples = Array.from({ length: 200 }, (_, i) => recipe.sample(900_000 + i, shifted))
    return (100 * accuracy(network, samples)).toFixed(1)
  }
  process.stdout.write(`${name}: ${test(false)} % right, ${test(true)} % on shifted data\n`)
}
