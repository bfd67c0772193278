import type { LoopDim } from '../../model/index.js'
import { countOf, type FactorLattice } from './factor-lattice.js'

/** Factors of one dimension that are to be placed one after another. */
export interface FactorRun {
  readonly dim: LoopDim
  /** The multiset as a state of the lattice; the sum of a state and the run that fits it is a state. */
  readonly factors: number
  readonly iterations: number
}

/** All runs of some dimensions, by number; 0 is the empty run, which `runs` leaves out. */
export interface FactorRuns {
  /** Run number n is entry n − 1. */
  readonly runs: readonly FactorRun[]
  /** [run · axes + axis]: the run that is left when a factor of the axis has been placed; −1: it does not go on so. */
  readonly after: Int32Array
}

/** Runs of the given dimensions, in the order of the lattice's axes, few factors first. */
export function factorRuns(lattice: FactorLattice, dims: readonly LoopDim[]): FactorRuns {
  const { axes, stride, cycles } = lattice
  const runs = dims.flatMap((dim): FactorRun[] => {
    const own = axes.flatMap((axis, i) => (axis.dim === dim ? [i] : []))
    const states = own.reduce(
      (all, i) =>
        Array.from({ length: axes[i].count + 1 }, (_, n) => n * stride[i]).flatMap((some) =>
          all.map((state) => state + some),
        ),
      [0],
    )
    return states
      .filter((state) => state > 0)
      .map((state) => ({ dim, factors: state, iterations: cycles[state] }))
  })
  const numbers = new Map(runs.map(({ factors }, i) => [factors, i + 1]))
  numbers.set(0, 0)
  const after = new Int32Array((runs.length + 1) * axes.length).fill(-1)
  runs.forEach(({ factors }, r) => {
    axes.forEach((_, i) => {
      if (countOf(lattice, factors, i) === 0) return
      after[(r + 1) * axes.length + i] = numbers.get(factors - stride[i]) ?? -1
    })
  })
  return { runs, after }
}

/** Whether every factor of `part` is also in `whole`, and no more of it. */
export function includes(lattice: FactorLattice, whole: number, part: number): boolean {
  return lattice.axes.every((_, i) => countOf(lattice, part, i) <= countOf(lattice, whole, i))
}
