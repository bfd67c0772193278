import { writeOnnx, type ModelDraft } from '../../src/formats/onnx/index.js'
import type { Run } from '../../src/model/index.js'
import type { PruningPattern } from '../../src/profile/index.js'
import {
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

export const SEED = 1

export const patterns = {
  random: { kind: 'random' },
  block: { kind: 'block', size: 4 },
  filter: { kind: 'filter' },
} as const satisfies Record<string, PruningPattern>
export type PatternName = keyof typeof patterns

/** How one of the micro networks is made: everything that its bytes depend on. */
export interface Recipe<Sample> {
  readonly make: (seed: number) => MicroNetwork<Sample>
  readonly sample: (seed: number, shifted: boolean) => Labelled<Sample>
  readonly dense: TrainingPlan
  readonly fine: TrainingPlan
  /** Final weight sparsity; the narrow matrices of the attention network bear less. */
  readonly sparsity: number
  readonly draft: (name: string, parameters: MicroNetwork<Sample>['parameters']) => ModelDraft
}

export const cnn: Recipe<Float32Array> = {
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

export const attention: Recipe<readonly number[]> = {
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

/** Trains a new network; it stays dense. */
export function trainDense<Sample>(
  recipe: Recipe<Sample>,
  run: Run,
  steps = recipe.dense.steps,
): MicroNetwork<Sample> {
  const network = recipe.make(SEED)
  train(network, (i) => recipe.sample(1_000 + i, false), { ...recipe.dense, steps }, run)
  return network
}

/** Prunes a trained network in place while training goes on. */
export function trainPruned<Sample>(
  recipe: Recipe<Sample>,
  network: MicroNetwork<Sample>,
  pattern: PatternName,
  run: Run,
  steps = recipe.fine.steps,
): void {
  const pruning = { pattern: patterns[pattern], sparsity: recipe.sparsity }
  train(network, (i) => recipe.sample(500_000 + i, false), { ...recipe.fine, steps, pruning }, run)
}

/** Name of a pruned network. */
export function prunedName<Sample>(
  recipe: Recipe<Sample>,
  network: MicroNetwork<Sample>,
  pattern: PatternName,
): string {
  return `${network.name}_${pattern}${100 * recipe.sparsity}`
}

/** The bytes of a network's ONNX file. */
export function onnxOf<Sample>(
  recipe: Recipe<Sample>,
  network: MicroNetwork<Sample>,
  name: string,
): Uint8Array {
  return writeOnnx(recipe.draft(name, network.parameters))
}
