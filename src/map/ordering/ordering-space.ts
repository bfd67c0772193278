import { InfeasibleError } from '../../base/index.js'
import { hierarchical } from '../../cost/index.js'
import { completionBounds } from './completion-bounds.js'
import { factorLattice, type FactorLattice } from './factor-lattice.js'
import { latencyLines, type LatencyLines } from './latency-lines.js'
import { operandTerms, type OperandTerms } from './operand-terms.js'
import { slideTerms, type SlideTerms } from './slide-terms.js'

/**
 * Everything the searches look up: the lattice of loop multisets, the terms of every operand, bounds, and who shares
 * which memory. Room follows the allocation rule of the specification (§8.4): an output needs room for partial sums in
 * a memory when loops that accumulate are left above its previous cut.
 */
export interface OrderingSpace {
  readonly problem: hierarchical.HierarchicalProblem
  readonly lattice: FactorLattice
  /** Evaluates complete mappings. */
  readonly kernel: hierarchical.MappingKernel
  readonly operands: readonly OperandTerms[]
  /** [operand][b][state] */
  readonly bounds: readonly (readonly Float64Array[])[]
  /** Energy that every mapping has. */
  readonly basePj: number
  /** Bits of each memory of the accelerator, by its index. */
  readonly capacityBits: Float64Array
  /** [operand][m]: index of the memory. */
  readonly memory: readonly (readonly number[])[]
  /** [memory]: operands of the layer that it holds. */
  readonly sharers: readonly (readonly number[])[]
  /** Bounds of latency; only where they are asked for (`withLatency`). */
  readonly lines?: LatencyLines
  /** Savings of tiles that slide; only where conventions let them. */
  readonly slides?: SlideTerms
  /** No mapping takes fewer cycles. */
  readonly leastCycles: number
}

/**
 * Prepares a problem for ordering.
 * @throws InfeasibleError naming the memory that is too small, and by how much
 */
export function orderingSpace(problem: hierarchical.HierarchicalProblem): OrderingSpace {
  const lattice = factorLattice(problem.temporal)
  const kernel = new hierarchical.MappingKernel(problem)
  const terms = new hierarchical.BoundaryTerms(problem, kernel.tables)
  const operands = problem.operands.map((_, p) => operandTerms(terms, p, lattice))
  const { memories } = problem.accelerator
  const memory = problem.operands.map((each) => each.memoryIndices)
  const sharers = memories.map((_, index) =>
    problem.operands.flatMap((each, p) => (each.memoryIndices.includes(index) ? [p] : [])),
  )
  const capacityBits = Float64Array.from(memories, (each) => each.sizeBits)
  if (problem.conventions.innermostCapacity === 'unchecked') {
    allowOverfilling(capacityBits, operands, memory, sharers)
  }
  checkRoom({ problem, lattice, operands, capacityBits, memory, sharers })
  const room = roomBits({ memory, capacityBits })
  const slides = slideTerms(
    terms,
    operands.map((each) => each.energyPj),
    lattice,
  )
  const bounds = operands.map((terms, p) =>
    completionBounds(
      lattice,
      terms,
      slides?.p === p ? slides.energyPj.least : terms.energyPj,
      room[p],
    ),
  )
  return {
    problem,
    lattice,
    operands,
    bounds,
    basePj: terms.fixedEnergyPj,
    kernel,
    capacityBits,
    memory,
    sharers,
    leastCycles: lattice.cycles[lattice.size - 1],
    ...(slides === undefined ? {} : { slides }),
  }
}

/** The same with bounds of latency, which take about as long to make as looking at some thousand partial mappings. */
export function withLatency(
  space: OrderingSpace,
  latency: 'totalCycles' | 'loadedCycles' = 'totalCycles',
): OrderingSpace {
  const { kernel, lattice, operands } = space
  const lines = latencyLines(kernel, lattice, operands, roomBits(space), latency)
  return { ...space, lines, leastCycles: leastCycles(lines) }
}

/** [operand][m]: bits of each of its memories. */
function roomBits({ memory, capacityBits }: Pick<OrderingSpace, 'memory' | 'capacityBits'>) {
  return memory.map((levels) => levels.map((index) => capacityBits[index]))
}

/** The published allocation puts no loops into a shared innermost memory that is too small, and over-fills it (Q16, Q37). */
function allowOverfilling(
  capacityBits: Float64Array,
  operands: readonly OperandTerms[],
  memory: readonly (readonly number[])[],
  sharers: readonly (readonly number[])[],
): void {
  sharers.forEach((here, index) => {
    if (!here.some((p) => memory[p][0] === index)) return
    const least = here.reduce((sum, p) => {
      const { roomElements, partialBits } = operands[p]
      return sum + roomElements[memory[p].indexOf(index)][0] * partialBits
    }, 0)
    const each = here.every((p) => {
      const { roomElements, partialBits } = operands[p]
      return roomElements[memory[p].indexOf(index)][0] * partialBits <= capacityBits[index]
    })
    if (each && least > capacityBits[index]) capacityBits[index] = least
  })
}

/** Operands in their top memory need all of it; elsewhere at least what the array itself needs. */
function checkRoom(
  space: Pick<
    OrderingSpace,
    'problem' | 'lattice' | 'operands' | 'capacityBits' | 'memory' | 'sharers'
  >,
): void {
  const { problem, lattice, operands, capacityBits, memory, sharers } = space
  const problems = sharers.flatMap((here, index) => {
    const needs = here.map((p) => {
      const m = memory[p].indexOf(index)
      const top = m === operands[p].depth - 1
      const bits = operands[p].roomElements[m][top ? lattice.size - 1 : 0] * operands[p].bits
      return { name: problem.operands[p].operand.name, bits }
    })
    const bits = needs.reduce((sum, each) => sum + each.bits, 0)
    if (bits <= capacityBits[index]) return []
    const list = needs.map((each) => `${each.name} ${each.bits} bit`).join(', ')
    return [
      {
        code: 'E-MAP-110',
        message: `memory "${problem.accelerator.memories[index].name}" has ${capacityBits[index]} bits, the layer needs at least ${bits} there (${list})`,
        hint: `it would have to be larger by ${bits - capacityBits[index]} bits, or the unrolling smaller`,
      },
    ]
  })
  if (problems.length > 0) throw new InfeasibleError(problems)
}

/** The longest line of a mapping whose operands all have their own way. */
function leastCycles({ count, baseCycles, bounds }: LatencyLines): number {
  let least = 0
  for (let line = 0; line < count; line++) {
    const cycles = bounds.reduce((sum, each) => sum + each[1][line], baseCycles[line])
    if (cycles > least) least = cycles
  }
  return least
}
