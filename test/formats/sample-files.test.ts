import { encode as encodePng } from 'fast-png'
import jpeg from 'jpeg-js'
import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeImage, imageTensor } from '../../src/formats/images/index.js'
import { readNpz, writeNpy } from '../../src/formats/tensors/index.js'

const unit = { channels: 3, layout: 'nchw', mean: [0, 0, 0], deviation: [1, 1, 1] } as const

describe('images', () => {
  const [width, height] = [16, 8]
  const colour = [200, 100, 50]

  test('a JPEG of one colour has that colour, as planes of the wanted size', () => {
    const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => colour[i % 4] ?? 255)
    const bytes = jpeg.encode({ width, height, data }, 95).data
    const image = decodeImage(bytes, 'a.jpg')
    expect([image.width, image.height]).toEqual([width, height])
    const { dims, data: planes } = imageTensor(image, { ...unit, height: 4, width: 5 })
    expect(dims).toEqual([1, 3, 4, 5])
    planes.forEach((value, i) => {
      expect(Math.abs(255 * value - colour[Math.floor(i / 20)])).toBeLessThan(3)
    })
    expect(() => decodeImage(bytes.subarray(0, 60), 'cut.jpg')).toThrow('damaged image')
  })

  test('a grey PNG is read as grey, means are kept when it shrinks', () => {
    const data = Uint8Array.from({ length: width * height }, (_, i) => 2 * i)
    const image = decodeImage(encodePng({ width, height, data, channels: 1, depth: 8 }), 'a.png')
    const { data: small } = imageTensor(image, { ...unit, channels: 1, height: 1, width: 1 })
    expect(255 * small[0]).toBeCloseTo(width * height - 1, 0)
  })
})

/** A zip archive with one deflated entry and one stored. */
function zip(entries: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  entries.forEach(([name, content], i) => {
    const body = i === 0 ? deflateRawSync(content) : Buffer.from(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(i === 0 ? 8 : 0, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(body.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([
      Buffer.from('PK\u0003\u0004', 'latin1'),
      common,
      Buffer.from(name),
      body,
    ])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'),
      common,
      tail,
      Buffer.from(name),
    )
    parts.push(local)
    offset += local.length
  })
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(index.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, index, Buffer.from('PK\u0005\u0006', 'latin1'), end])
}

describe('archives of arrays', () => {
  test('deflated and stored arrays are read by name', async () => {
    const a = Float32Array.of(1, 2, 3, 4, 5, 6)
    const b = Float32Array.of(-0.5)
    const bytes = zip([
      ['image.npy', writeNpy([3, 2], a)],
      ['mask.npy', writeNpy([1], b)],
    ])
    const arrays = await readNpz(bytes, 'in.npz')
    expect([...arrays.keys()].sort()).toEqual(['image', 'mask'])
    expect(arrays.get('image')).toEqual({ shape: [3, 2], data: a })
    expect(arrays.get('mask')).toEqual({ shape: [1], data: b })
  })

  test('an archive that is none, or cut short, is refused', async () => {
    const bytes = zip([['x.npy', writeNpy([2], Float32Array.of(1, 2))]])
    await expect(readNpz(bytes.subarray(0, 40), 'cut.npz')).rejects.toThrow('cut.npz')
    await expect(readNpz(Uint8Array.of(1, 2, 3), 'no.npz')).rejects.toThrow('no.npz')
  })
})
