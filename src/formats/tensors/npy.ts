import { InputError } from '../../base/index.js'

/** An array read from a `.npy` file, row-major; integers as doubles. */
export interface NpyArray {
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array
}

/**
 * Reads a NumPy array (format versions 1 to 3; any integer, bool or floating type; either memory order).
 * @throws InputError E-NPY-001 … 003
 */
export function readNpy(bytes: Uint8Array, file: string): NpyArray {
  const fail = (code: string, message: string): never => {
    throw new InputError({ code, at: { file }, message })
  }
  if (
    bytes.length < 12 ||
    bytes[0] !== 0x93 ||
    new TextDecoder('latin1').decode(bytes.subarray(1, 6)) !== 'NUMPY'
  ) {
    fail('E-NPY-001', 'this is not a NumPy array')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = bytes[6] >= 2 ? 12 : 10
  const headerLength = bytes[6] >= 2 ? view.getUint32(8, true) : view.getUint16(8, true)
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + headerLength))
  const type = /'descr':\s*'([<>|=])([a-z])(\d+)'/.exec(header)
  const order = /'fortran_order':\s*(True|False)/.exec(header)
  const dims = /'shape':\s*\(([^)]*)\)/.exec(header)
  if (!type || !order || !dims) {
    return fail('E-NPY-002', `cannot read the header: ${header.trim().slice(0, 120)}`)
  }
  const shape = dims[1].split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]))
  const count = shape.reduce((product, size) => product * size, 1)
  const body = new DataView(
    bytes.buffer,
    bytes.byteOffset + start + headerLength,
    bytes.byteLength - start - headerLength,
  )
  const [, byteOrder, kind, width] = type
  const read = elementReader(body, kind + width, byteOrder !== '>')
  if (read === undefined)
    return fail('E-NPY-003', `element type "${byteOrder}${kind}${width}" is not supported`)
  if (body.byteLength < count * Number(width)) {
    fail(
      'E-NPY-002',
      `the array [${shape.join(', ')}] needs ${count * Number(width)} bytes, the file holds ${body.byteLength}`,
    )
  }
  const data = kind === 'f' && width !== '8' ? new Float32Array(count) : new Float64Array(count)
  for (let i = 0; i < count; i++) data[order[1] === 'True' ? rowMajor(i, shape) : i] = read(i)
  return { shape, data }
}

/** Writes a row-major array of 32-bit floats. */
export function writeNpy(shape: readonly number[], data: Float32Array): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dims}), }`
  // Magic, version and header together are a multiple of 64 bytes, the last one a line end.
  const padded = text + ' '.repeat((64 - ((text.length + 11) % 64)) % 64) + '\n'
  const bytes = new Uint8Array(10 + padded.length + 4 * data.length)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
  const view = new DataView(bytes.buffer)
  view.setUint16(8, padded.length, true)
  bytes.set(new TextEncoder().encode(padded), 10)
  data.forEach((value, i) => view.setFloat32(10 + padded.length + 4 * i, value, true))
  return bytes
}

/** Place in row-major order of the i-th element in column-major order. */
function rowMajor(i: number, shape: readonly number[]): number {
  let rest = i
  let place = 0
  let step = shape.reduce((product, size) => product * size, 1)
  for (const size of shape) {
    step /= size
    place += (rest % size) * step
    rest = Math.floor(rest / size)
  }
  return place
}

function elementReader(
  view: DataView,
  type: string,
  little: boolean,
): ((i: number) => number) | undefined {
  switch (type) {
    case 'f4':
      return (i) => view.getFloat32(4 * i, little)
    case 'f8':
      return (i) => view.getFloat64(8 * i, little)
    case 'b1':
    case 'u1':
      return (i) => view.getUint8(i)
    case 'i1':
      return (i) => view.getInt8(i)
    case 'u2':
      return (i) => view.getUint16(2 * i, little)
    case 'i2':
      return (i) => view.getInt16(2 * i, little)
    case 'u4':
      return (i) => view.getUint32(4 * i, little)
    case 'i4':
      return (i) => view.getInt32(4 * i, little)
    case 'i8':
      return (i) => Number(view.getBigInt64(8 * i, little))
    case 'u8':
      return (i) => Number(view.getBigUint64(8 * i, little))
    default:
      return undefined
  }
}
