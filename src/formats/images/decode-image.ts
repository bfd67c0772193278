import { decode as decodePng } from 'fast-png'
import jpeg from 'jpeg-js'
import { InputError } from '../../base/index.js'

/** An image with three channels (red, green, blue), 0 … 1, row-major, channels innermost. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  readonly pixels: Float32Array
}

/** Whether a file name is that of an image that can be read. */
export function isImageName(name: string): boolean {
  return /\.(png|jpe?g)$/i.test(name)
}

/**
 * Decodes a PNG (any depth, grey, palette, transparency dropped) or JPEG file, recognised by its content.
 * @throws InputError E-IMG-001 (neither), E-IMG-002 (damaged)
 */
export function decodeImage(bytes: Uint8Array, file: string): RgbImage {
  try {
    if (bytes[0] === 0x89 && bytes[1] === 0x50) return fromPng(bytes)
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return fromJpeg(bytes)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new InputError({ code: 'E-IMG-002', at: { file }, message: `damaged image: ${reason}` })
  }
  throw new InputError({
    code: 'E-IMG-001',
    at: { file },
    message: 'this is neither a PNG nor a JPEG image',
  })
}

function fromPng(bytes: Uint8Array): RgbImage {
  const { width, height, data, depth, channels, palette } = decodePng(bytes)
  const pixels = new Float32Array(3 * width * height)
  const full = 2 ** depth - 1
  // Samples below 8 bits are packed; rows start on a byte.
  const sample = (x: number, y: number, channel: number): number => {
    if (depth >= 8) return data[(y * width + x) * channels + channel]
    const rowBytes = Math.ceil((width * depth) / 8)
    const bit = x * depth
    return (data[y * rowBytes + (bit >> 3)] >> (8 - depth - (bit & 7))) & full
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const value = palette
          ? palette[sample(x, y, 0)][c] / 255
          : sample(x, y, channels >= 3 ? c : 0) / full
        pixels[3 * (y * width + x) + c] = value
      }
    }
  }
  return { width, height, pixels }
}

function fromJpeg(bytes: Uint8Array): RgbImage {
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false })
  return { width, height, pixels: Float32Array.from(data, (value) => value / 255) }
}
