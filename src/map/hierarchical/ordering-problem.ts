import { InfeasibleError } from '../../base/index.js'
import { MappingKernel, type HierarchicalProblem } from '../../cost/hierarchical/index.js'
import type { TemporalLoop, UnevenMapping } from '../../model/index.js'
import { BottomUpAllocator, type Misfit } from './allocate.js'

/** What a search of loop orders minimises. */
export type OrderingObjective = 'energy' | 'latency' | 'edp'

/** Loops to order, and the machinery that places and evaluates one ordering after another. */
export class OrderingProblem {
  readonly problem: HierarchicalProblem
  /** Distinct loops by rank; ranks follow the order of (dimension name, size). */
  readonly distinct: readonly TemporalLoop[]
  /** One rank per loop. */
  readonly ranks: readonly number[]
  readonly kernel: MappingKernel
  /** The misfit that was nearest to fitting, for the message when nothing fits. */
  nearestMisfit: Misfit | undefined
  private readonly allocator: BottomUpAllocator
  private readonly objective: OrderingObjective
  /** Number by which the kernel knows each distinct loop. */
  private readonly kinds: readonly number[]

  constructor(
    problem: HierarchicalProblem,
    loops: readonly TemporalLoop[],
    objective: OrderingObjective,
  ) {
    this.problem = problem
    this.objective = objective
    const key = ({ dim, size }: TemporalLoop) => `${dim} ${String(size).padStart(16, '0')}`
    const keys = [...new Set(loops.map(key))].sort((a, b) => (a < b ? -1 : 1))
    this.distinct = keys.map((each) => loops.find((loop) => key(loop) === each) as TemporalLoop)
    this.ranks = loops.map((loop) => keys.indexOf(key(loop)))
    this.kernel = new MappingKernel(problem)
    this.kinds = this.distinct.map(({ dim, size }) => this.kernel.kindOf(dim, size))
    this.allocator = new BottomUpAllocator(problem, this.kernel)
  }

  /** Objective of an ordering (ranks, innermost first) after placing it; infinite when it does not fit. */
  evaluate(ordering: readonly number[]): number {
    const { kernel, allocator } = this
    kernel.loopCount = ordering.length
    for (let i = 0; i < ordering.length; i++) kernel.order[i] = this.kinds[ordering[i]]
    if (!allocator.allocate()) {
      const { misfit } = allocator
      if (misfit && misfit.neededBits < (this.nearestMisfit?.neededBits ?? Infinity)) {
        this.nearestMisfit = misfit
      }
      return Infinity
    }
    if (this.objective === 'energy') kernel.evaluateEnergy()
    else kernel.evaluate()
    if (kernel.fits[0] === 0) return Infinity
    return objectiveOf(kernel, this.objective)
  }

  /** The mapping that was evaluated last. */
  mapping(): UnevenMapping {
    const { kernel, problem } = this
    const loops = Array.from({ length: kernel.loopCount }, (_, i) => kernel.loops[kernel.order[i]])
    const cuts = Object.fromEntries(
      problem.operands.map(({ operand, memories }, p) => {
        const row = p * kernel.tables.stride
        return [operand.name, [...kernel.cuts.subarray(row, row + memories.length)]]
      }),
    )
    return Object.freeze({ kind: 'uneven-mapping', spatial: problem.unrolling, loops, cuts })
  }

  /** The error when no ordering fits: which memory is too small, and by how much at least. */
  infeasible(): InfeasibleError {
    const { layer, accelerator } = this.problem
    const misfit = this.nearestMisfit
    return new InfeasibleError({
      code: 'E-MAP-110',
      message:
        misfit === undefined
          ? `layer "${layer.name}" does not fit into the memories of "${accelerator.name}"`
          : `layer "${layer.name}" does not fit on "${accelerator.name}": memory "${misfit.memory}" would have to hold ${misfit.neededBits} bits and holds ${misfit.sizeBits}, ${misfit.neededBits - misfit.sizeBits} too few`,
      hint: 'unroll less over the array, or give that memory more room',
    })
  }
}

/** Objective of what the kernel evaluated last; the published latency leaves off-loading out (Q44). */
export function objectiveOf(kernel: MappingKernel, objective: OrderingObjective): number {
  const cycles =
    kernel.problem.conventions.layerLatency === 'with-off-loading'
      ? kernel.totalCycles[0]
      : kernel.loadedCycles[0]
  if (objective === 'energy') return kernel.energyPj[0]
  return objective === 'latency' ? cycles : kernel.energyPj[0] * cycles
}

/** What no mapping can beat: computation alone. */
export function trivialBound(problem: HierarchicalProblem, objective: OrderingObjective): number {
  const cycles = Object.values(problem.temporal).reduce((product, each) => product * each, 1)
  if (objective === 'energy') return problem.macEnergyPj
  return objective === 'latency' ? cycles : problem.macEnergyPj * cycles
}
