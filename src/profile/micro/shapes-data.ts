import { createRng, type Rng } from '../../base/index.js'

/** Side of the square images, in pixels, and their classes. */
export const IMAGE_SIZE = 16
export const shapeClasses = [
  'disc',
  'ring',
  'square',
  'frame',
  'triangle',
  'cross',
  'stripes',
  'checker',
] as const

/** One generated image: 8-bit red, green, blue, channels innermost, and the class it shows. */
export interface ShapeImage {
  readonly pixels: Uint8Array
  readonly label: number
}

/** How a data set is lit: `dark` has a fifth of the light and the same sensor noise, which training never saw. */
export type Lighting = 'bright' | 'dark'

/** Generates an image from its seed: a shape of random place, size and colour on a shaded ground, with noise. */
export function shapeImage(seed: number, lighting: Lighting): ShapeImage {
  const rng = createRng(seed, 71)
  const label = rng.below(shapeClasses.length)
  const colour = [0, 1, 2].map(() => 0.35 + 0.65 * rng.next())
  const ground = [0, 1, 2].map(() => 0.35 * rng.next())
  const radius = 3.5 + 3 * rng.next()
  const cx = 8 + 3 * (rng.next() - 0.5)
  const cy = 8 + 3 * (rng.next() - 0.5)
  const slope = [rng.next() - 0.5, rng.next() - 0.5]
  // Clutter makes some images busier, and so less sparse, than others.
  const clutter = rng.next() ** 2
  const light = lighting === 'bright' ? 0.8 + 0.2 * rng.next() : 0.15 + 0.1 * rng.next()
  const pixels = new Uint8Array(3 * IMAGE_SIZE ** 2)
  for (let y = 0; y < IMAGE_SIZE; y++) {
    for (let x = 0; x < IMAGE_SIZE; x++) {
      const inside = covers(label, (x - cx) / radius, (y - cy) / radius, x, y)
      const shade = 1 + (slope[0] * (x - 8) + slope[1] * (y - 8)) / 16
      for (let c = 0; c < 3; c++) {
        const base = inside ? colour[c] : ground[c] * shade
        const value = light * (base + 0.25 * clutter * rng.normal()) + 0.02 * rng.normal()
        pixels[3 * (y * IMAGE_SIZE + x) + c] = Math.round(255 * Math.min(1, Math.max(0, value)))
      }
    }
  }
  return { pixels, label }
}

/** A network's input from an image: channels first, 0 … 1. */
export function imagePlanes(image: ShapeImage): Float32Array {
  const plane = IMAGE_SIZE ** 2
  const data = new Float32Array(3 * plane)
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) data[c * plane + i] = Math.fround(image.pixels[3 * i + c] / 255)
  }
  return data
}

function covers(label: number, u: number, v: number, x: number, y: number): boolean {
  const square = Math.max(Math.abs(u), Math.abs(v))
  const distance = Math.hypot(u, v)
  switch (shapeClasses[label]) {
    case 'disc':
      return distance < 1
    case 'ring':
      return distance < 1 && distance > 0.6
    case 'square':
      return square < 0.9
    case 'frame':
      return square < 0.95 && square > 0.55
    case 'triangle':
      return v < 0.8 && v > -0.9 && Math.abs(u) < (v + 0.9) / 1.7
    case 'cross':
      return square < 1 && Math.min(Math.abs(u), Math.abs(v)) < 0.28
    case 'stripes':
      return square < 1 && y % 4 < 2
    case 'checker':
      return square < 1 && x % 4 < 2 === y % 4 < 2
  }
}

/** Length of the token sequences and size of their alphabet. */
export const SEQUENCE_LENGTH = 32
export const ALPHABET = 24

/**
 * A token sequence; the task is to say at every position how often its token occurs (1 … 8, more counts as 8). The first
 * token is always the same one and occurs nowhere else: attention that has nothing to look at rests there.
 */
export interface TokenSequence {
  readonly tokens: readonly number[]
  readonly labels: readonly number[]
}

/**
 * `varied` draws from 6 to all letters of the alphabet, which decides how many positions are worth attending to; `poor`
 * from 2 to 5, which training never saw.
 */
export type Richness = 'varied' | 'poor'

export function tokenSequence(seed: number, richness: Richness): TokenSequence {
  const rng = createRng(seed, 72)
  const letters = richness === 'varied' ? 6 + rng.below(ALPHABET - 6) : 2 + rng.below(4)
  const alphabet = shuffled(rng, ALPHABET - 1).slice(0, letters)
  const tokens = Array.from({ length: SEQUENCE_LENGTH }, (_, i) =>
    i === 0 ? ALPHABET - 1 : alphabet[rng.below(letters)],
  )
  const counts = new Map<number, number>()
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1)
  return { tokens, labels: tokens.map((token) => Math.min(8, counts.get(token) ?? 1) - 1) }
}

function shuffled(rng: Rng, n: number): number[] {
  const all = Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = rng.below(i + 1)
    ;[all[i], all[j]] = [all[j], all[i]]
  }
  return all
}
