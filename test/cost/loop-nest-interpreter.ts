import type { HierarchicalProblem, ProblemOperand } from '../../src/cost/hierarchical/index.js'
import type { LoopDim, UnevenMapping } from '../../src/model/index.js'

/** Elements that really moved over the four links of a memory level, all instances together. */
export interface Moved {
  toLow: number
  fromLow: number
  toHigh: number
  fromHigh: number
}

/** A temporal loop, or a loop over lanes of the array, as one digit of the coordinates of a dimension. */
interface Digit {
  readonly dim: LoopDim
  readonly size: number
  readonly weight: number
  /** Position among the temporal loops, or −1 for a spatial loop. */
  readonly temporal: number
  /** Level of the input operand's spatial loops that it came from, and its name. */
  readonly lane: string
}

/**
 * Walks a mapped loop nest iteration by iteration and counts what moves, knowing nothing of the formulas: what a memory
 * instance holds is the set of coordinates that the loops inside it touch; data move whenever a loop outside it that
 * indexes the tensor has gone on. (A window that slides back onto what it held is fetched again, as the model has it.)
 * Points outside the layer are not computed and not moved.
 */
export function interpret(problem: HierarchicalProblem, mapping: UnevenMapping): Moved[][] {
  const digits = coordinates(problem, mapping)
  return problem.operands.map((operand) => {
    const moved = operand.memories.map((): Moved => ({
      toLow: 0,
      fromLow: 0,
      toHigh: 0,
      fromHigh: 0,
    }))
    for (let b = 0; b < operand.memories.length; b++) {
      walkBoundary(problem, mapping, operand, b, digits, moved)
    }
    return moved
  })
}

/** Digits of every dimension from the least significant: loops in the order in which the input operand nests them. */
function coordinates(problem: HierarchicalProblem, mapping: UnevenMapping): Digit[] {
  const guide =
    problem.operands.find((each) => each.operand.name === 'input') ?? problem.operands[0]
  const cuts = mapping.cuts[guide.operand.name] ?? []
  const weights = new Map<LoopDim, number>()
  const digits: Digit[] = []
  const add = (dim: LoopDim, size: number, temporal: number, lane: string) => {
    const weight = weights.get(dim) ?? 1
    digits.push({ dim, size, weight, temporal, lane })
    weights.set(dim, weight * size)
  }
  guide.whole.loops.forEach((spatial, m) => {
    for (const loop of spatial) add(loop.dim, loop.size, -1, loop.arrayDimension)
    for (let i = m === 0 ? 0 : cuts[m - 1]; i < (cuts[m] ?? mapping.loops.length); i++) {
      add(mapping.loops[i].dim, mapping.loops[i].size, i, '')
    }
  })
  return digits
}

function walkBoundary(
  problem: HierarchicalProblem,
  mapping: UnevenMapping,
  operand: ProblemOperand,
  b: number,
  digits: readonly Digit[],
  moved: readonly Moved[],
): void {
  const cut = b === 0 ? 0 : (mapping.cuts[operand.operand.name]?.[b - 1] ?? 0)
  const below = new Set(
    operand.whole.loops
      .slice(0, b)
      .flat()
      .map((loop) => loop.arrayDimension),
  )
  const upTo = new Set(
    operand.whole.loops
      .slice(0, b + 1)
      .flat()
      .map((loop) => loop.arrayDimension),
  )
  const lanes = digits.filter((digit) => digit.temporal < 0)
  // Units of the array hold nothing: they take what they need in every cycle.
  const low = instances(lanes.filter((digit) => !below.has(digit.lane)))
  const high = instances(lanes.filter((digit) => !upTo.has(digit.lane)))
  const outer = mapping.loops.slice(cut)
  const index = outer.map(() => 0)
  const isOutput = operand.operand.name === 'output'
  const lowState = low.map(() => ({ held: '', seen: new Set<string>() }))
  const highState = high.map(() => ({ held: '', seen: new Set<string>() }))
  for (let more = true; more; more = advance(index, outer)) {
    const at = (digit: Digit) => index[digit.temporal - cut]
    const step = (
      state: { held: string; seen: Set<string> },
      fixed: ReadonlyMap<string, number>,
      arriving: (elements: number, again: boolean) => void,
    ) => {
      const tile = contents(problem, operand, digits, cut, at, fixed)
      if (b > 0 && tile.key === state.held) return
      state.held = tile.key
      arriving(tile.elements, state.seen.has(tile.key))
      state.seen.add(tile.key)
    }
    if (b > 0) {
      low.forEach((fixed, i) => {
        step(lowState[i], fixed, (elements, again) => {
          if (!isOutput || again) moved[b - 1].fromHigh += elements
          if (isOutput) moved[b - 1].toHigh += elements
        })
      })
    }
    high.forEach((fixed, i) => {
      step(highState[i], fixed, (elements, again) => {
        if (!isOutput || again) moved[b].toLow += elements
        if (isOutput) moved[b].fromLow += elements
      })
    })
  }
}

/** Every combination of lanes of the given loops, as lane per array dimension and loop. */
function instances(lanes: readonly Digit[]): ReadonlyMap<string, number>[] {
  return lanes.reduce<Map<string, number>[]>(
    (all, digit) =>
      all.flatMap((fixed) =>
        Array.from({ length: digit.size }, (_, lane) => new Map(fixed).set(digit.lane, lane)),
      ),
    [new Map<string, number>()],
  )
}

function advance(index: number[], loops: readonly { readonly size: number }[]): boolean {
  for (let i = 0; i < index.length; i++) {
    index[i]++
    if (index[i] < loops[i].size) return true
    index[i] = 0
  }
  return false
}

/** Elements that the loops inside touch while everything outside stands still. */
function contents(
  { layer }: HierarchicalProblem,
  { operand }: ProblemOperand,
  digits: readonly Digit[],
  cut: number,
  at: (digit: Digit) => number,
  fixed: ReadonlyMap<string, number>,
): { readonly key: string; readonly elements: number } {
  const positions = (dim: LoopDim): number[] =>
    digits
      .filter((digit) => digit.dim === dim)
      .reduce<number[]>(
        (sums, digit) => {
          const still =
            digit.temporal < 0
              ? fixed.get(digit.lane)
              : digit.temporal >= cut
                ? at(digit)
                : undefined
          const values =
            still === undefined ? Array.from({ length: digit.size }, (_, v) => v) : [still]
          return sums.flatMap((sum) => values.map((value) => sum + value * digit.weight))
        },
        [0],
      )
      .filter((position) => position < layer.dims[dim])
  const axes = [
    ...operand.relevant.map((dim) => positions(dim)),
    ...operand.sliding.map((axis) => {
      const kernel = positions(axis.kernel)
      return positions(axis.output).flatMap((o) =>
        kernel.map((k) => o * axis.stride + k * axis.dilation),
      )
    }),
  ].map((values) => [...new Set(values)].sort((a, b) => a - b))
  // A point needs all its loops inside the layer, those that do not index this tensor too.
  const computed = operand.irrelevant.every((dim) => positions(dim).length > 0)
  const indexing = [
    ...operand.relevant,
    ...operand.sliding.flatMap((axis) => [axis.output, axis.kernel]),
  ]
  return {
    key: indexing.map((dim) => positions(dim).join(',')).join('|'),
    elements: computed ? axes.reduce((product, values) => product * values.length, 1) : 0,
  }
}
