import type { Layer, Workload } from '../../src/model/index.js'

export interface ChainLayer {
  readonly kernel: number
  readonly stride: number
  readonly padding: number
  readonly channels?: number
}

/** A chain of convolutions on a square input of `size` × `size`; layers that would shrink to nothing are left out. */
export function chain(each: readonly ChainLayer[], size: number, inputChannels = 4): Workload {
  const layers: Layer[] = []
  let side = size
  let channels = inputChannels
  each.forEach(({ kernel, stride, padding, channels: made = 4 }, i) => {
    const out = Math.floor((side + 2 * padding - kernel) / stride) + 1
    if (out < 1) return
    layers.push({
      name: `conv${i}`,
      operator: 'conv',
      dims: { B: 1, K: made, C: channels, OY: out, OX: out, FY: kernel, FX: kernel, G: 1 },
      stride: { x: stride, y: stride },
      dilation: { x: 1, y: 1 },
      padding: { left: padding, right: padding, top: padding, bottom: padding },
      precisionBits: { input: 8, weight: 8, output: 8, partialOutput: 16 },
      inputs: layers.length === 0 ? [] : [layers[layers.length - 1].name],
    })
    side = out
    channels = made
  })
  return { kind: 'workload', name: 'chain', layers }
}
