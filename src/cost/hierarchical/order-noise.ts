import { loopDims } from '../../model/index.js'
import { slidingExtent } from './extent.js'
import type { KernelTables } from './kernel-tables.js'
import type { StateDigits } from './loop-lattice.js'

const dimCount = loopDims.length
/** How near to a step of a rounding function a value counts as being on it. */
const NEAR = 1e-9

/**
 * Where an array is used in fractions, the last digit of a number of elements depends on the order in which its loops
 * are multiplied, and conventions that keep such noise may round it either way (specification §16).
 */
export class OrderNoise {
  private readonly tables: KernelTables
  private readonly state: StateDigits
  /** Per boundary and sliding axis, once it is needed: [output digit, kernel digit] → 0, or 1 + whether order shows. */
  private readonly known: (Uint8Array | undefined)[] = []

  /** @param state the loops below a boundary, taken apart */
  constructor(tables: KernelTables, state: StateDigits) {
    this.tables = tables
    this.state = state
  }

  /**
   * Whether another order of the loops may round to other elements of operand p.
   * @param row the boundary above them
   * @param elements not yet rounded
   */
  shows(p: number, row: number, elements: number): boolean {
    const { showsNoise, tensors } = this.tables
    if (showsNoise[p] !== 1) return showsNoise[p] === 2
    if (isNearInteger(2 * elements) && !isNearInteger(elements)) return true
    for (let axis = 0; axis < tensors[p].sliding.length; axis++) {
      if (this.extentDependsOnOrder(p, row, axis)) return true
    }
    return false
  }

  private extentDependsOnOrder(p: number, row: number, axis: number): boolean {
    const { tensors, belowMean, extentRounding } = this.tables
    const { radix, digits, iterations } = this.state
    const { output, kernel, stride, dilation } = tensors[p].sliding[axis]
    const known = (this.known[2 * row + axis] ??= new Uint8Array(radix[output] * radix[kernel]))
    const at = digits[output] * radix[kernel] + digits[kernel]
    if (known[at] === 0) {
      const outputs = products(iterations[output], belowMean[row * dimCount + output])
      const kernels = products(iterations[kernel], belowMean[row * dimCount + kernel])
      const extents = outputs.flatMap((a) =>
        kernels.map((b) => slidingExtent(stride, a, dilation, b, extentRounding)),
      )
      known[at] = extents.some((each) => each !== extents[0]) ? 2 : 1
    }
    return known[at] === 2
  }
}

function isNearInteger(value: number): boolean {
  return Math.abs(value - Math.round(value)) < NEAR * value
}

/** All floating-point values of `iterations · fraction`, the iterations multiplied in any factors and in any order. */
function products(iterations: number, fraction: number): number[] {
  if (Number.isInteger(fraction)) return [iterations * fraction]
  const values = new Map<number, Set<number>>()
  const divisors = Array.from({ length: iterations }, (_, i) => i + 1).filter(
    (n) => iterations % n === 0,
  )
  for (const n of divisors) {
    const here = new Set([n * fraction])
    for (const m of divisors) {
      if (m > 1 && n % m === 0) values.get(n / m)?.forEach((value) => here.add(value * m))
    }
    values.set(n, here)
  }
  return [...(values.get(iterations) ?? [])]
}
