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
 * Where halos slide, a tile that only the run of loops right above it has moved, one step on, brings the elements that the
 * tile before did not have. Points outside the layer are not computed and not moved.
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
  const lowState = low.map((): Holder => ({ seen: new Set() }))
  const highState = high.map((): Holder => ({ seen: new Set() }))
  const slides = problem.conventions.inputHalo === 'slides' && !isOutput && b > 0
  const run = slides ? runAbove(operand, outer, cut, digits) : undefined
  for (let more = true; more; more = advance(index, outer)) {
    const at = (digit: Digit) => index[digit.temporal - cut]
    const step = (
      state: Holder,
      fixed: ReadonlyMap<string, number>,
      arriving: (elements: number, again: boolean) => void,
    ) => {
      const tile = contents(problem, operand, digits, cut, at, fixed)
      const { held } = state
      if (b > 0 && tile.key === held?.tile.key) return
      const moves = run?.(index)
      const slid =
        held?.moves !== undefined &&
        moves !== undefined &&
        held.moves.outside === moves.outside &&
        held.moves.step + 1 === moves.step
      state.held = { tile, moves }
      arriving(
        slid ? tile.elements - common(tile, held.tile) : tile.elements,
        state.seen.has(tile.key),
      )
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

/** What an instance holds now and has held. */
interface Holder {
  held?: { readonly tile: Tile; readonly moves: Moves | undefined }
  readonly seen: Set<string>
}

/** Where the run of loops right above a tile stands, and everything outside it. */
interface Moves {
  readonly step: number
  readonly outside: string
}

/**
 * The run of loops right above a tile: the first loop that indexes the tensor, if it belongs to a window, and the loops
 * after it whose digits continue its count without a gap.
 */
function runAbove(
  { operand }: ProblemOperand,
  outer: readonly { readonly dim: LoopDim; readonly size: number }[],
  cut: number,
  digits: readonly Digit[],
): ((index: readonly number[]) => Moves) | undefined {
  const first = outer.findIndex((loop) => !operand.irrelevant.includes(loop.dim))
  if (first < 0) return undefined
  const { dim } = outer[first]
  if (!operand.sliding.some((axis) => axis.output === dim || axis.kernel === dim)) return undefined
  const weight = (i: number) => digits.find((digit) => digit.temporal === i + cut)?.weight ?? 0
  let end = first + 1
  while (
    end < outer.length &&
    outer[end].dim === dim &&
    weight(end) === weight(end - 1) * outer[end - 1].size
  )
    end++
  return (index) => ({
    step: index
      .slice(first, end)
      .reduce((sum, value, i) => sum + (value * weight(first + i)) / weight(first), 0),
    outside: index.slice(end).join(','),
  })
}

/** Elements that two tiles have in common. */
function common(a: Tile, b: Tile): number {
  return a.axes.reduce((product, positions, i) => {
    const others = new Set(b.axes[i])
    return product * positions.filter((position) => others.has(position)).length
  }, 1)
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

/** What an instance holds: the iterations it belongs to, its positions along every dimension of the tensor. */
interface Tile {
  readonly key: string
  readonly axes: readonly (readonly number[])[]
  readonly elements: number
}

/** Elements that the loops inside touch while everything outside stands still. */
function contents(
  { layer }: HierarchicalProblem,
  { operand }: ProblemOperand,
  digits: readonly Digit[],
  cut: number,
  at: (digit: Digit) => number,
  fixed: ReadonlyMap<string, number>,
): Tile {
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
    axes,
    key: indexing.map((dim) => positions(dim).join(',')).join('|'),
    elements: computed ? axes.reduce((product, values) => product * values.length, 1) : 0,
  }
}
