import type { RgbImage } from './decode-image.js'

/** How an image becomes a network's input. */
export interface ImagePreparation {
  readonly height: number
  readonly width: number
  /** 1 (grey: Rec. 601 luma) or 3. */
  readonly channels: 1 | 3
  /** Planes (channels first, as most ONNX models) or pixels (channels last). */
  readonly layout: 'nchw' | 'nhwc'
  /** Per channel: (value − mean) / deviation, values 0 … 1. */
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** Means and deviations by name. `imagenet` is what torchvision's models expect, `unit` leaves 0 … 1. */
export const normalisations: Readonly<
  Record<string, { readonly mean: readonly number[]; readonly deviation: readonly number[] }>
> = {
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  unit: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  signed: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
}

/**
 * Resizes (bilinear over the whole image, the aspect ratio is not kept, as in the published profiling) and normalises.
 * When shrinking, each output pixel averages the source pixels it covers along an axis, so that nothing is skipped.
 * @returns dims of a batch of one, and elements
 */
export function imageTensor(
  image: RgbImage,
  preparation: ImagePreparation,
): { readonly dims: readonly number[]; readonly data: Float32Array } {
  const { height, width, channels, layout, mean, deviation } = preparation
  const rows = taps(image.height, height)
  const columns = taps(image.width, width)
  const data = new Float32Array(channels * height * width)
  const sums = [0, 0, 0]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sums.fill(0)
      for (const [sy, wy] of rows[y]) {
        for (const [sx, wx] of columns[x]) {
          const from = 3 * (sy * image.width + sx)
          for (let c = 0; c < 3; c++) sums[c] += wy * wx * image.pixels[from + c]
        }
      }
      const values = channels === 3 ? sums : [0.299 * sums[0] + 0.587 * sums[1] + 0.114 * sums[2]]
      for (let c = 0; c < channels; c++) {
        const to = layout === 'nchw' ? (c * height + y) * width + x : (y * width + x) * channels + c
        data[to] = (values[c] - mean[c % mean.length]) / deviation[c % deviation.length]
      }
    }
  }
  const dims = layout === 'nchw' ? [1, channels, height, width] : [1, height, width, channels]
  return { dims, data }
}

/** Source positions and weights of every output position along one axis: a triangle as wide as the scale, at least 1. */
function taps(from: number, to: number): (readonly [number, number])[][] {
  const scale = from / to
  const reach = Math.max(1, scale)
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale - 0.5
    const found: [number, number][] = []
    let total = 0
    for (let at = Math.ceil(centre - reach); at <= Math.floor(centre + reach); at++) {
      const weight = 1 - Math.abs(at - centre) / reach
      if (weight <= 0) continue
      found.push([Math.min(from - 1, Math.max(0, at)), weight])
      total += weight
    }
    return found.map(([at, weight]) => [at, weight / total] as const)
  })
}
