import type { Run } from '../../model/index.js'
import { pruneWeights, type PruningPattern } from '../prune.js'
import type { MicroNetwork, Parameter } from './networks.js'
import { Tape } from './tape.js'

/** A labelled sample; several labels when every row of the output has one. */
export interface Labelled<Sample> {
  readonly input: Sample
  readonly labels: readonly number[]
}

export interface TrainingPlan {
  /** Samples per step, and steps. */
  readonly batch: number
  readonly steps: number
  /** Peak learning rate of Adam; falls to a tenth along a cosine. */
  readonly rate: number
  /** Prunes while training: sparsity rises from 0.05 along a cubic over the first 70 % of the steps (Zhu and Gupta 2017). */
  readonly pruning?: { readonly pattern: PruningPattern; readonly sparsity: number }
}

/**
 * Trains a network in place with Adam (Kingma and Ba 2015). Deterministic: samples are asked for by number, sums run in
 * fixed order.
 * @param sample the i-th training sample
 */
export function train<Sample>(
  network: MicroNetwork<Sample>,
  sample: (i: number) => Labelled<Sample>,
  plan: TrainingPlan,
  run: Run,
): void {
  const moments = network.parameters.map(({ value }) => ({
    first: new Float32Array(value.data.length),
    second: new Float32Array(value.data.length),
  }))
  const masks = new Map<Parameter, Uint8Array>()
  let next = 0
  for (let step = 1; step <= plan.steps && !run.cancelled(); step++) {
    let loss = 0
    for (let b = 0; b < plan.batch; b++) {
      const { input, labels } = sample(next++)
      const tape = new Tape()
      loss += tape.crossEntropy(network.logits(tape, input), labels).loss
      tape.backward()
    }
    const rate = plan.rate * (0.1 + 0.45 * (1 + Math.cos((Math.PI * step) / plan.steps)))
    network.parameters.forEach(({ value }, p) => {
      const { first, second } = moments[p]
      for (let i = 0; i < value.data.length; i++) {
        const g = value.grad[i] / plan.batch
        first[i] = 0.9 * first[i] + 0.1 * g
        second[i] = 0.999 * second[i] + 0.001 * g * g
        const a = first[i] / (1 - 0.9 ** step)
        const v = second[i] / (1 - 0.999 ** step)
        value.data[i] -= (rate * a) / (Math.sqrt(v) + 1e-8)
      }
      value.grad.fill(0)
    })
    if (plan.pruning) applyPruning(network, plan.pruning, step, plan.steps, masks)
    if (step % 20 === 0) {
      const message = `${network.name}: step ${step}, loss ${(loss / plan.batch).toFixed(3)}`
      run.progress({ fraction: step / plan.steps, message })
    }
  }
}

/** Share of right answers. */
export function accuracy<Sample>(
  network: MicroNetwork<Sample>,
  samples: readonly Labelled<Sample>[],
): number {
  let right = 0
  let total = 0
  for (const { input, labels } of samples) {
    const tape = new Tape()
    right += tape.crossEntropy(network.logits(tape, input), labels).right
    total += labels.length
  }
  return right / total
}

function applyPruning<Sample>(
  network: MicroNetwork<Sample>,
  pruning: NonNullable<TrainingPlan['pruning']>,
  step: number,
  steps: number,
  masks: Map<Parameter, Uint8Array>,
): void {
  const progress = Math.min(1, step / (0.7 * steps))
  const sparsity = pruning.sparsity + (0.05 - pruning.sparsity) * (1 - progress) ** 3
  // Choosing anew at every step would be slow; ten times along the schedule is close to the published half epochs.
  const renew =
    progress < 1 ? step % Math.ceil(steps / 20) === 1 : !masks.has(network.parameters[0])
  for (const parameter of network.parameters) {
    const { value, order } = parameter
    if (order === undefined) continue
    if (renew || !masks.has(parameter)) {
      masks.set(parameter, pruneWeights(value.data, order, pruning.pattern, sparsity))
    }
    masks.get(parameter)?.forEach((remove, i) => {
      if (remove === 1) value.data[i] = 0
    })
  }
}
