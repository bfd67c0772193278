import { InfeasibleError } from '../../base/index.js'
import { hierarchical } from '../../cost/index.js'
import { completionBounds } from './completion-bounds.js'
import { factorLattice, type FactorLattice } from './factor-lattice.js'
import { operandTerms, type OperandTerms } from './operand-terms.js'
import { slideTerms, type SlideTerms } from './slide-terms.js'
import { portTerms, type PortTerms } from './port-terms.js'

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
  /** Cycles of ports; only where latency is searched for. */
  readonly ports?: PortTerms
  /** Savings of tiles that slide; only where conventions let them. */
  readonly slides?: SlideTerms
  /** Cycles of the loop nest without waiting, and the least that first loads and last stores add. */
  readonly temporalCycles: number
  readonly leastTransferCycles: number
  /** No mapping takes fewer cycles. */
  readonly leastCycles: number
}

/**
 * Prepares a problem for ordering.
 * @param withPorts also the terms that bound latency
 * @throws InfeasibleError naming the memory that is too small, and by how much
 */
export function orderingSpace(
  problem: hierarchical.HierarchicalProblem,
  withPorts: boolean,
  latencyKind: 'totalCycles' | 'loadedCycles' = 'totalCycles',
): OrderingSpace {
  const lattice = factorLattice(problem.temporal)
  const terms = new hierarchical.BoundaryTerms(problem)
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
  const roomOf = memory.map((levels) => levels.map((index) => capacityBits[index]))
  const slides = slideTerms(
    terms,
    operands.map((each) => each.energyPj),
    lattice,
  )
  const bounds = operands.map((terms, p) =>
    completionBounds(lattice, terms, slides?.p === p ? slides.leastPj : terms.energyPj, roomOf[p]),
  )
  const ports = withPorts ? portTerms(problem, lattice, operands, roomOf) : undefined
  return {
    problem,
    lattice,
    operands,
    bounds,
    basePj: terms.fixedEnergyPj,
    kernel: new hierarchical.MappingKernel(problem),
    capacityBits,
    memory,
    sharers,
    ...latencyFloor(problem, lattice, ports, latencyKind),
    ...(ports === undefined ? {} : { ports }),
    ...(slides === undefined ? {} : { slides }),
  }
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

/** Transfers only grow with what is held, so the mapping that keeps nothing below the top loads and stores fastest. */
function latencyFloor(
  problem: hierarchical.HierarchicalProblem,
  lattice: FactorLattice,
  ports: PortTerms | undefined,
  latencyKind: 'totalCycles' | 'loadedCycles',
): Pick<OrderingSpace, 'temporalCycles' | 'leastTransferCycles' | 'leastCycles'> {
  const loops = lattice.axes.flatMap(({ dim, prime, count }) =>
    Array.from({ length: count }, () => ({ dim, size: prime })),
  )
  const cuts = Object.fromEntries(
    problem.operands.map(({ operand, memories }) => [
      operand.name,
      memories.map((_, m) => (m === memories.length - 1 ? loops.length : 0)),
    ]),
  )
  const { latency } = hierarchical.evaluateMapping(problem, {
    kind: 'uneven-mapping',
    spatial: problem.unrolling,
    loops,
    cuts,
  })
  const { temporalCycles } = latency
  const leastTransferCycles =
    latency.loadingCycles + (latencyKind === 'totalCycles' ? latency.offloadingCycles : 0)
  let busiest = temporalCycles
  for (let k = 0; k < (ports?.count ?? 0); k++) {
    let cycles = ports?.baseCycles[k] ?? 0
    ports?.bounds.forEach((bound) => (cycles += bound[1][k]))
    busiest = Math.max(busiest, cycles)
  }
  return { temporalCycles, leastTransferCycles, leastCycles: busiest + leastTransferCycles }
}
