import type { TableArray } from '../../model/index.js'
import type { TileLattice } from './tile-lattice.js'

/** Whether `copies` units can be laid out on the array: some divisor fits the x side and its cofactor the y side. */
export function fitsArray(copies: number, array: TableArray): boolean {
  return arraySides(copies, array) !== undefined
}

/** Sides of a layout of `copies` units, the x side as long as possible; undefined when none fits. */
export function arraySides(
  copies: number,
  array: TableArray,
): { readonly x: number; readonly y: number } | undefined {
  for (let x = Math.min(array.x, copies); x >= 1; x--) {
    if (copies % x === 0 && copies / x <= array.y) return { x, y: copies / x }
  }
  return undefined
}

/**
 * Lattice points that can be unrolled on an array, ascending. The x and the y side enter no formula apart, and any divisor
 * of the product can be realised by dealing out primes, so the two rows of a table are searched as one.
 */
export function arrayShapes(lattice: TileLattice, array: TableArray): Int32Array {
  const area = array.x * array.y
  const fits = new Map<number, boolean>()
  const shapes: number[] = []
  for (let index = 0; index < lattice.size; index++) {
    const copies = lattice.volume[index]
    if (copies > area) continue
    let known = fits.get(copies)
    if (known === undefined) {
      known = fitsArray(copies, array)
      fits.set(copies, known)
    }
    if (known) shapes.push(index)
  }
  return Int32Array.from(shapes)
}
