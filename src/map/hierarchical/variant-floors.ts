import {
  BoundaryTerms,
  hierarchicalProblem,
  spatialLoops,
  type HierarchicalConventions,
  type ProblemOperand,
  type SpatialLoop,
} from '../../cost/hierarchical/index.js'
import {
  bypassing,
  type Bypass,
  type HierarchicalAccelerator,
  type Layer,
  type SpatialUnrolling,
} from '../../model/index.js'
import { operandFloorPj } from '../ordering/index.js'

/** What is decided before the loops of a layer are ordered. */
export interface Variant {
  readonly unrolling: SpatialUnrolling
  readonly bypass: Bypass
}

/** A variant, and the energy that no mapping of it goes below. */
export interface BoundedVariant extends Variant {
  readonly floorPj: number
}

/**
 * Every unrolling with every bypass and its bound: the energy of the MACs and what each operand needs by itself. The
 * latter depends only on how far the operand's own loops are spread, which most unrollings have in common with others.
 */
export function boundedVariants(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  unrollings: readonly SpatialUnrolling[],
  bypasses: readonly Bypass[],
  conventions: HierarchicalConventions,
): BoundedVariant[] {
  const { operands, macEnergyPj } = hierarchicalProblem(layer, accelerator, [], conventions)
  const waysOf = operands.map((each, p) => {
    // The second input of an addition goes where the first one goes.
    const who = each.operand.name === 'input2' ? 'input' : each.operand.memory
    const ways = new Map<string, OperandWay>()
    return bypasses.map((bypass) => {
      const passed = bypass[who] ?? []
      const known = ways.get(passed.join())
      if (known !== undefined) return known
      const seen = passed.length === 0 ? accelerator : bypassing(accelerator, { [who]: passed })
      const way = new OperandWay(layer, seen, p, conventions)
      ways.set(passed.join(), way)
      return way
    })
  })
  return unrollings.flatMap((unrolling) => {
    const { loops } = spatialLoops(layer, accelerator, unrolling, conventions)
    const floors = new Map<OperandWay, number>()
    const terms = new Map<HierarchicalAccelerator, BoundaryTerms>()
    const termsOn = (seen: HierarchicalAccelerator): BoundaryTerms => {
      const known = terms.get(seen)
      if (known !== undefined) return known
      const fresh = new BoundaryTerms(hierarchicalProblem(layer, seen, unrolling, conventions))
      terms.set(seen, fresh)
      return fresh
    }
    const floorOf = (way: OperandWay): number => {
      const floor = floors.get(way) ?? way.floorPj(loops, termsOn)
      floors.set(way, floor)
      return floor
    }
    return bypasses.map((bypass, i): BoundedVariant => {
      const floorPj = waysOf.reduce((sum, ways) => sum + floorOf(ways[i]), macEnergyPj)
      return { unrolling, bypass, floorPj }
    })
  })
}

/** One operand on the memories that it does not pass by, and what it needs by itself for every spread of its loops. */
class OperandWay {
  private readonly floors = new Map<string, number>()
  private readonly operand: ProblemOperand
  private readonly accelerator: HierarchicalAccelerator
  private readonly p: number

  constructor(
    layer: Layer,
    accelerator: HierarchicalAccelerator,
    p: number,
    conventions: HierarchicalConventions,
  ) {
    this.accelerator = accelerator
    this.p = p
    this.operand = hierarchicalProblem(layer, accelerator, [], conventions).operands[p]
  }

  /**
   * @param loops of an unrolling
   * @param termsOn the terms of that unrolling on an accelerator; asked for only when its spread is new
   */
  floorPj(
    loops: readonly SpatialLoop[],
    termsOn: (accelerator: HierarchicalAccelerator) => BoundaryTerms,
  ): number {
    const key = this.spreadOf(loops)
    const known = this.floors.get(key)
    if (known !== undefined) return known
    const floor = operandFloorPj(termsOn(this.accelerator), this.p)
    this.floors.set(key, floor)
    return floor
  }

  /** How far the operand's own loops, and the others together, are spread below each of its memories. */
  private spreadOf(loops: readonly SpatialLoop[]): string {
    const { operand, memories } = this.operand
    const sizes = new Map<string, number>()
    for (const { arrayDimension, dim, size } of loops) {
      const level = memories.findIndex(({ serves }) => serves.includes(arrayDimension))
      const key = level + (operand.irrelevant.includes(dim) ? '*' : dim)
      sizes.set(key, (sizes.get(key) ?? 1) * size)
    }
    return [...sizes]
      .map(([key, size]) => `${key}${Number.isInteger(size) ? size : size.toPrecision(12)}`)
      .sort()
      .join()
  }
}
