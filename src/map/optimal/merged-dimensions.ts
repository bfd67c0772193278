import { column, type TableLayer } from '../../model/index.js'

/** Loop dimensions that no formula of the cost model tells apart, searched as one. */
export interface MergedDimension {
  /** Table columns; a factor of the merged dimension is split over them, prime by prime, at the end. */
  readonly columns: readonly number[]
  readonly size: number
  /** The column in whose place the merged dimension enters the formulas. */
  readonly role: number
}

const { K, B, P, Q, C, R, S, G } = column

/**
 * Merges the columns of equal role: output rows and columns with the batch when neighbouring outputs share no input, kernel
 * rows and columns with the input channels when the output has one row or column. Columns of size 1 disappear.
 * A pointwise layer is left with K, B·P·Q and C.
 */
export function mergeDimensions(layer: TableLayer): MergedDimension[] {
  const n = layer.dims
  const joinsBatch: Record<number, boolean> = {
    [P]: n[R] === 1 && layer.strideY === 1,
    [Q]: n[S] === 1 && layer.strideX === 1,
  }
  const joinsChannels: Record<number, boolean> = {
    [R]: n[P] === 1 && layer.dilationY === 1,
    [S]: n[Q] === 1 && layer.dilationX === 1,
  }
  const batch: number[] = [B, P, Q].filter((c) => c === B || joinsBatch[c])
  const channels: number[] = [C, R, S].filter((c) => c === C || joinsChannels[c])
  const groups: readonly (readonly number[])[] = [
    [K],
    batch,
    ...[P, Q].filter((c) => !joinsBatch[c]).map((c) => [c]),
    channels,
    ...[R, S].filter((c) => !joinsChannels[c]).map((c) => [c]),
    [G],
  ]
  return groups.flatMap((columns) => {
    const present = columns.filter((c) => n[c] > 1)
    if (present.length === 0) return []
    return [
      {
        columns: present,
        size: present.reduce((product, c) => product * n[c], 1),
        role: columns[0],
      },
    ]
  })
}
