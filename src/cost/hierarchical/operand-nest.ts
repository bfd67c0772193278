import type { LoopDim, TemporalLoop } from '../../model/index.js'
import { rowLoop, type HierarchicalConventions } from './conventions.js'
import { decouple } from './decouple.js'
import { roundHalfEven } from './extent.js'
import { tileSlides, type TileSlide } from './halo.js'
import type { ProblemOperand, SpatialCounts } from './problem.js'

/**
 * The loop nest as one operand lives through it. Index a = 0 is the array, a = m + 1 memory level m (specification
 * §5).
 */
export interface OperandNest {
  /** Temporal loops per memory level after irrelevant loops moved down to where they cost nothing. */
  readonly stationary: readonly (readonly TemporalLoop[])[]
  /** Cycles for which the content of level a stays: product of the temporal loops up to it. */
  readonly cycles: readonly number[]
  /** Product of the run of irrelevant (relevant) loops at the outer end of level a. */
  readonly outerIrrelevant: readonly number[]
  readonly outerRelevant: readonly number[]
  /** Elements that one unit or instance holds. */
  readonly elements: readonly number[]
  /** Reuse of an element up to and including level a, with the fan-out above the level, and with that below it. */
  readonly reuse: readonly number[]
  readonly reuseOfContent: readonly number[]
  /** Iterations that accumulate into the same output from level a on upwards, and the temporal ones among them. */
  readonly accumulationsFrom: readonly number[]
  readonly temporalAccumulationsFrom: readonly number[]
  /** Whether level a holds partial sums. */
  readonly partial: readonly boolean[]
  /** Elements that the innermost memory must have room for: of rows that stream through it, one point at a time. */
  readonly innermostRoom: number
  /** How the content of level a moves on, where halos slide. */
  readonly slides: readonly (TileSlide | undefined)[]
}

/** Moves every run of irrelevant loops at the inner end of a level to the level below, until nothing moves (§5.1). */
export function makeStationary(
  levels: readonly (readonly TemporalLoop[])[],
  irrelevant: ReadonlySet<LoopDim>,
): TemporalLoop[][] {
  const result = levels.map((loops) => [...loops])
  for (let moved = true; moved;) {
    moved = false
    for (let m = 1; m < result.length; m++) {
      while (result[m].length > 0 && irrelevant.has(result[m][0].dim)) {
        result[m - 1].push(...result[m].splice(0, 1))
        moved = true
      }
    }
  }
  return result
}

/** Derives the nest of one operand from its temporal loops per memory level. */
export function operandNest(
  { operand, mean }: ProblemOperand,
  counts: SpatialCounts,
  levels: readonly (readonly TemporalLoop[])[],
  conventions: HierarchicalConventions,
): OperandNest {
  const irrelevant = new Set(operand.irrelevant)
  const relevant = new Set(operand.relevant)
  const stationary = makeStationary(levels, irrelevant)
  const depth = stationary.length
  const kept =
    conventions.innermostReuse === 'kept' && operand.name !== 'output'
      ? innerRun(stationary[0], irrelevant)
      : 1
  const cycles = [kept]
  stationary.reduce((below, loops) => {
    cycles.push(product(loops, below))
    return cycles[cycles.length - 1]
  }, 1)
  const combined = counts.loops.map((loops, a) => [...(stationary[a - 1] ?? []), ...loops])
  const content = [[], ...stationary.map((loops, m) => [...loops, ...counts.loops[m]])]
  const flow = decouple(combined, operand, conventions.extentRounding)
  const held = decouple(content, operand, conventions.extentRounding)
  const rounded = conventions.elementRounding === 'mean' ? (x: number) => x : roundHalfEven
  const elements = cumulative(held.relevant).map(rounded)
  const streamedRoom = (): number => {
    const point = stationary[0].filter((loop) => loop.dim !== rowLoop)
    const below = decouple([[...point, ...counts.loops[0]]], operand, conventions.extentRounding)
    return rounded(below.relevant[0])
  }
  const fromAbove = (values: readonly number[]) =>
    Array.from({ length: depth + 2 }, (_, a) => values.slice(a).reduce((x, y) => x * y, 1))
  const temporalIrrelevant = stationary.map((loops) =>
    product(
      loops.filter((loop) => irrelevant.has(loop.dim)),
      1,
    ),
  )
  // Average use decides what is partial: a reduction over 1.5 units on average is one.
  const reduces = (loop: TemporalLoop) => irrelevant.has(loop.dim) && loop.size > 1
  const accumulates = mean.loops.map(
    (loops, a) => loops.some(reduces) || (stationary[a - 1] ?? []).some(reduces),
  )
  return {
    stationary,
    cycles,
    outerIrrelevant: [kept, ...stationary.map((loops) => outerRun(loops, irrelevant))],
    outerRelevant: [1, ...stationary.map((loops) => outerRun(loops, relevant))],
    elements,
    reuse: cumulative(flow.irrelevant),
    reuseOfContent: cumulative(held.irrelevant),
    accumulationsFrom: fromAbove(flow.irrelevant),
    temporalAccumulationsFrom: fromAbove([1, ...temporalIrrelevant]),
    partial: Array.from(
      { length: depth + 1 },
      (_, a) => operand.name === 'output' && accumulates.slice(a + 1).some(Boolean),
    ),
    innermostRoom: conventions.innermostRows === 'streamed' ? streamedRoom() : elements[1],
    slides:
      conventions.inputHalo === 'slides'
        ? tileSlides(operand, counts.loops, stationary, conventions.extentRounding)
        : [],
  }
}

function product(loops: readonly TemporalLoop[], start: number): number {
  return loops.reduce((result, loop) => result * loop.size, start)
}

function outerRun(loops: readonly TemporalLoop[], dims: ReadonlySet<LoopDim>): number {
  let result = 1
  for (let i = loops.length - 1; i >= 0 && dims.has(loops[i].dim); i--) result *= loops[i].size
  return result
}

function innerRun(loops: readonly TemporalLoop[], dims: ReadonlySet<LoopDim>): number {
  let result = 1
  for (let i = 0; i < loops.length && dims.has(loops[i].dim); i++) result *= loops[i].size
  return result
}

function cumulative(values: readonly number[]): number[] {
  let result = 1
  return values.map((value) => (result *= value))
}
