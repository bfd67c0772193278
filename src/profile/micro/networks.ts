import { createRng } from '../../base/index.js'
import type { WeightOrder } from '../prune.js'
import { ALPHABET, SEQUENCE_LENGTH } from './shapes-data.js'
import { variable, type Tape, type Var } from './tape.js'

/** A trainable parameter; prunable ones say how their weights are arranged. */
export interface Parameter {
  readonly name: string
  readonly value: Var
  readonly order?: WeightOrder
}

/** A network to train: its parameters, and its logits for one sample. */
export interface MicroNetwork<Sample> {
  readonly name: string
  readonly parameters: readonly Parameter[]
  logits(tape: Tape, sample: Sample): Var
}

/** Convolutions of the micro CNN: filters, kernel, stride. */
export const cnnLayers = [
  { filters: 16, kernel: 3, stride: 1 },
  { filters: 24, kernel: 3, stride: 2 },
  { filters: 24, kernel: 3, stride: 1 },
  { filters: 48, kernel: 1, stride: 1 },
  { filters: 48, kernel: 3, stride: 2 },
] as const

export const CNN_CLASSES = 8
export const attentionSize = { width: 32, heads: 2, blocks: 2, hidden: 64, classes: 8 } as const

/** Five convolutions with ReLU, global average, one linear layer: 16×16×3 images, 8 classes. */
export function microCnn(seed: number): MicroNetwork<Float32Array> {
  const parameters: Parameter[] = []
  const layers: { w: Var; bias: Var; stride: number }[] = []
  let channels = 3
  cnnLayers.forEach(({ filters, kernel, stride }, i) => {
    const positions = kernel ** 2
    const w = randomVar([filters, channels, kernel, kernel], channels * positions, seed + i)
    const bias = variable([filters])
    const order: WeightOrder = {
      filters,
      channels,
      positions,
      filterStep: channels * positions,
      channelStep: positions,
      positionStep: 1,
    }
    parameters.push(
      { name: `conv${i}_w`, value: w, ...(i === 0 ? {} : { order }) },
      { name: `conv${i}_b`, value: bias },
    )
    layers.push({ w, bias, stride })
    channels = filters
  })
  const head = randomVar([channels, CNN_CLASSES], channels, seed + 90)
  const headBias = variable([CNN_CLASSES])
  parameters.push({ name: 'head_w', value: head }, { name: 'head_b', value: headBias })
  return {
    name: 'micro-cnn',
    parameters,
    logits(tape, sample) {
      let x = variable([3, 16, 16], sample)
      for (const { w, bias, stride } of layers) x = tape.relu(tape.conv(x, w, bias, stride))
      return tape.linear(tape.averagePool(x), head, headBias)
    },
  }
}

/** Two transformer blocks (attention and a ReLU feed-forward layer, both with residual) over 32 tokens. */
export function microAttention(seed: number): MicroNetwork<readonly number[]> {
  const { width, heads, blocks, hidden, classes } = attentionSize
  const parameters: Parameter[] = []
  // Residual branches start small; queries and keys start as the identity, so that a token looks for its own kind.
  const matrix = (
    name: string,
    inputs: number,
    outputs: number,
    start: { readonly scale: number; readonly diagonal?: number; readonly dense?: boolean },
  ): Var => {
    const value = randomVar([inputs, outputs], 2 / start.scale ** 2, seed + parameters.length)
    if (start.diagonal !== undefined) {
      for (let i = 0; i < inputs; i++) value.data[i * outputs + i] += start.diagonal
    }
    const order: WeightOrder = {
      filters: outputs,
      channels: inputs,
      positions: 1,
      filterStep: 1,
      channelStep: outputs,
      positionStep: 0,
    }
    parameters.push({ name, value, ...(start.dense ? {} : { order }) })
    return value
  }
  const small = 0.5 / Math.sqrt(width)
  const table = matrix('tokens_w', ALPHABET, width, { scale: 1, dense: true })
  const places = matrix('places_w', SEQUENCE_LENGTH, width, { scale: 0.05, dense: true })
  const layers = Array.from({ length: blocks }, (_, b) => ({
    q: matrix(`block${b}_q`, width, width, { scale: 0.02, diagonal: 1 }),
    k: matrix(`block${b}_k`, width, width, { scale: 0.02, diagonal: 1 }),
    v: matrix(`block${b}_v`, width, width, { scale: 2 * small }),
    o: matrix(`block${b}_o`, width, width, { scale: small }),
    up: matrix(`block${b}_up`, width, hidden, { scale: 2 * small }),
    upBias: matrix(`block${b}_up_b`, 1, hidden, { scale: 0.01, dense: true }),
    down: matrix(`block${b}_down`, hidden, width, { scale: small }),
  }))
  const head = matrix('head_w', width, classes, { scale: small, dense: true })
  const order = Array.from({ length: SEQUENCE_LENGTH }, (_, i) => i)
  return {
    name: 'micro-attention',
    parameters,
    logits(tape, tokens) {
      let x = tape.add(tape.embed(table, tokens), tape.embed(places, order))
      for (const { q, k, v, o, up, upBias, down } of layers) {
        const mixed = tape.attention(tape.linear(x, q), tape.linear(x, k), tape.linear(x, v), heads)
        x = tape.add(x, tape.linear(mixed, o))
        x = tape.add(x, tape.linear(tape.relu(tape.linear(x, up, upBias)), down))
      }
      return tape.linear(x, head)
    },
  }
}

/** Normal weights of variance 2 / fan-in (He et al. 2015). */
function randomVar(dims: readonly number[], fanIn: number, seed: number): Var {
  const rng = createRng(seed, 70)
  const value = variable(dims)
  const scale = Math.sqrt(2 / fanIn)
  for (let i = 0; i < value.data.length; i++) value.data[i] = scale * rng.normal()
  return value
}
