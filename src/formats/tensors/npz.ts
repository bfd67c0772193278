import { InputError } from '../../base/index.js'
import { readNpy, type NpyArray } from './npy.js'

/**
 * Reads a NumPy archive (a ZIP file of `.npy` members, stored or deflated): arrays by name.
 * @throws InputError E-NPZ-001 (no ZIP), E-NPZ-002 (damaged or unsupported member), and those of {@link readNpy}
 */
export async function readNpz(
  bytes: Uint8Array,
  file: string,
): Promise<ReadonlyMap<string, NpyArray>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findDirectoryEnd(view)
  if (end === undefined) {
    throw new InputError({
      code: 'E-NPZ-001',
      at: { file },
      message: 'this is not a NumPy archive (ZIP)',
    })
  }
  const arrays = new Map<string, NpyArray>()
  let at = view.getUint32(end + 16, true)
  for (let member = view.getUint16(end + 10, true); member > 0; member--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      damaged(file, 'directory')
    const method = view.getUint16(at + 10, true)
    const size = view.getUint32(at + 20, true)
    const nameLength = view.getUint16(at + 28, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    const local = view.getUint32(at + 42, true)
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (!name.endsWith('.npy')) continue
    if (local + 30 > bytes.length || size === 0xffffffff) damaged(file, name)
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const packed = bytes.subarray(start, start + size)
    if (packed.length < size || (method !== 0 && method !== 8)) damaged(file, name)
    const plain = method === 0 ? packed : await inflate(packed, file, name)
    arrays.set(name.slice(0, -4), readNpy(plain, `${file}/${name}`))
  }
  return arrays
}

/** Position of the end-of-central-directory record, which ends the file but for a comment. */
function findDirectoryEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65_557); at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at
  }
  return undefined
}

async function inflate(packed: Uint8Array, file: string, name: string): Promise<Uint8Array> {
  try {
    const plain = new Blob([packed.slice()])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'))
    return new Uint8Array(await new Response(plain).arrayBuffer())
  } catch {
    return damaged(file, name)
  }
}

function damaged(file: string, member: string): never {
  throw new InputError({
    code: 'E-NPZ-002',
    at: { file },
    message: `the archive's ${member} is damaged or packed in a way that is not supported`,
  })
}
