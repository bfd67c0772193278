import { storedInputSize, type Layer } from '../model/index.js'
import { inputDepth, outputDepth, outputElements, secondMatrix } from './depth.js'

/** One part of an operand, and the layer that makes it; undefined for the network's input. */
export interface MadePart {
  readonly made: Layer | undefined
  readonly channels?: number
  readonly through?: string
}

/** Whether an operand is needed as a whole by every output position: the second matrix of a batched product. */
export function readsWhole(reader: Layer, operand: number): boolean {
  return reader.operator === 'batched-matmul' && operand === 1
}

/**
 * Why a layer cannot take the parts of an operand position by position as they were made, so that no stack may hold
 * both ends: an operator stands between, or the sizes do not chain. A stride may leave fewer than `stride` rows unread;
 * a sum that reads a larger map reads its middle, and what a single map lacks in channels counts as zero there.
 * @returns per part the reason, undefined where it chains
 */
export function whyUnchained(
  reader: Layer,
  operand: number,
  parts: readonly MadePart[],
): (string | undefined)[] {
  if (readsWhole(reader, operand)) return parts.map((part) => wholeMismatch(reader, part, parts))
  const depths = parts.map(({ made, channels }) =>
    channels !== undefined
      ? channels * reader.dims.B
      : made === undefined
        ? undefined
        : outputDepth(made),
  )
  const sum = depths.reduce<number>((total, depth) => total + (depth ?? 0), 0)
  const wanted = inputDepth(reader)
  const addsUp =
    sum === wanted ||
    (parts.length === 1 && reader.operator === 'add') ||
    parts.some(
      ({ made, channels, through }) =>
        channels === undefined && (made === undefined || through !== undefined),
    )
  return parts.map(({ made, channels, through }): string | undefined => {
    if (made === undefined) return undefined
    const isPoint = [made.dims, rowsAndColumns(reader)].every(({ OX, OY }) => OX * OY === 1)
    // A single position has nothing that could be moved.
    if (through !== undefined && !(isPoint && channels !== 0 && sum === wanted)) {
      return `${through} stands between`
    }
    return addsUp ? sizeMismatch(reader, made) : `of ${sum} channels it reads ${wanted}`
  })
}

/** Rows and columns of a layer's input that are stored. */
function rowsAndColumns(reader: Layer): { readonly OX: number; readonly OY: number } {
  const { operator, dims } = reader
  if (operator !== 'conv' && operator !== 'pool') return dims
  const { x, y } = storedInputSize(reader)
  return { OX: x, OY: y }
}

function sizeMismatch(reader: Layer, made: Layer): string | undefined {
  const read = rowsAndColumns(reader)
  const rest = { x: made.dims.OX - read.OX, y: made.dims.OY - read.OY }
  const isSum = reader.operator === 'add'
  // Of matrices rows count: heads and batch entries of a row are its depth.
  const isMatrix = reader.operator === 'gemm' || reader.operator === 'batched-matmul'
  if (!isMatrix && made.dims.B !== reader.dims.B) {
    return `of ${made.dims.B} batch entries it reads ${reader.dims.B}`
  }
  const fits =
    rest.x >= 0 && rest.y >= 0 && (isSum || (rest.x < reader.stride.x && rest.y < reader.stride.y))
  return fits ? undefined : `of ${made.dims.OX}×${made.dims.OY} it reads ${read.OX}×${read.OY}`
}

/** Where everything is read, order does not matter, only the number of elements. */
function wholeMismatch(
  reader: Layer,
  { made, channels, through }: MadePart,
  parts: readonly MadePart[],
): string | undefined {
  if (made === undefined) return undefined
  const elements = outputElements(made)
  const wanted = secondMatrix(reader)
  const fits = parts.length === 1 ? elements === wanted : elements < wanted
  if (fits && channels !== 0) return undefined
  return through === undefined
    ? `of ${elements} elements it reads ${wanted}`
    : `${through} stands between`
}
