import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  evaluateMapping,
  standardConventions,
  type HierarchicalConventions,
  type HierarchicalProblem,
  type LinkTraffic,
} from '../../src/cost/hierarchical/index.js'
import type { LoopDim, UnevenMapping } from '../../src/model/index.js'
import { interpret } from './loop-nest-interpreter.js'
import { randomCase, type RandomSize } from './random-problem.js'

describe('the analytic counts equal what a walk through the loop nest moves', () => {
  test.each([
    ['unrollings that divide their loops', { loop: 4, divisible: true, memories: 3 }, 200],
    ['unrollings that leave a rest', { loop: 5, divisible: false, memories: 3 }, 200],
  ] as const)('%s', (_, size, runs) => {
    let compared = 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
        compared += compare(seed, size, standardConventions)
      }),
      { numRuns: runs },
    )
    expect(compared).toBeGreaterThan(5 * runs)
  })

  test('halos that slide', () => {
    const convolution = ['K', 'OY', 'FY', 'FX'] as const
    const size = { loop: 6, divisible: true, memories: 3, convolution }
    let compared = 0
    let slid = 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
        compared += compare(seed, size, { ...standardConventions, inputHalo: 'slides' })
        slid += slidingLinks(seed, size)
      }),
      { numRuns: 250 },
    )
    expect(compared).toBeGreaterThan(1000)
    expect(slid).toBeGreaterThan(20)
  })
})

/** Compares every link; returns how many were compared exactly. */
function compare(seed: number, size: RandomSize, conventions: HierarchicalConventions): number {
  const { problem, mapping } = randomCase(seed, size, conventions)
  if (mapping.loops.reduce((product, loop) => product * loop.size, 1) > 400) return 0
  const cost = evaluateMapping(problem, mapping)
  const walked = interpret(problem, mapping)
  let compared = 0
  problem.operands.forEach((each, p) => {
    // Average use of the array is exact where what does not divide indexes the tensor alone: elsewhere a rest that
    // leaves units idle makes averages of products differ from products of averages.
    const rest = each.mean.loops.flat().filter((loop) => !Number.isInteger(loop.size))
    if (rest.some((loop) => !each.operand.relevant.includes(loop.dim))) return
    const { instances } = each.mean
    cost.operands[p].levels.forEach(({ traffic, memory }, m) => {
      const total = ({ elements, count, slid = { elements, count: 0 } }: LinkTraffic) =>
        (elements * (count - slid.count) + slid.elements * slid.count) * instances[m + 1]
      const [toLow, fromLow, toHigh, fromHigh] = traffic.map(total)
      const moved = walked[p][m]
      const at = `seed ${seed}, ${each.operand.name} at ${memory}`
      expect(toHigh, `${at} to-high`).toBeCloseTo(moved.toHigh, 6)
      expect(fromHigh, `${at} from-high`).toBeCloseTo(moved.fromHigh, 6)
      expect(fromLow, `${at} from-low`).toBeCloseTo(moved.fromLow, 6)
      if (spreadOverLevels(problem, p, m)) {
        // An estimate: how far the units' windows overlap depends on loops of another memory.
        expect(toLow, `${at} to-low`).toBeGreaterThan(0)
      } else if (neighboursOverlap(problem, mapping, p, m)) {
        // Windows of neighbouring units that overlap through loops of different kinds are counted per unit.
        expect(toLow, `${at} to-low`).toBeGreaterThanOrEqual(moved.toLow - 1e-6)
      } else {
        expect(toLow, `${at} to-low`).toBeCloseTo(moved.toLow, 6)
        compared++
      }
      compared += 3
    })
  })
  return compared
}

/** Whether the array spreads a sliding axis below memory m and below another one. */
function spreadOverLevels(problem: HierarchicalProblem, p: number, m: number): boolean {
  const { operand, mean } = problem.operands[p]
  const spreads = (level: number, dims: readonly LoopDim[]): boolean =>
    mean.loops[level].some((loop) => loop.size > 1 && dims.includes(loop.dim))
  return operand.sliding.some(({ output, kernel }) => {
    const dims = [output, kernel]
    return spreads(m, dims) && mean.loops.some((_, level) => level !== m && spreads(level, dims))
  })
}

/** Whether a sliding axis has both loops spread below memory m and temporal loops inside it or spread further inside. */
function neighboursOverlap(
  problem: HierarchicalProblem,
  mapping: UnevenMapping,
  p: number,
  m: number,
): boolean {
  const { operand, mean } = problem.operands[p]
  const cut = m === 0 ? 0 : (mapping.cuts[operand.name]?.[m - 1] ?? 0)
  const temporal = new Set(mapping.loops.slice(0, cut).map((loop) => loop.dim))
  const spread = new Set(mean.loops[m].filter((loop) => loop.size > 1).map((loop) => loop.dim))
  const further = new Set(
    mean.loops
      .filter((_, level) => level !== m)
      .flat()
      .map((loop) => loop.dim),
  )
  return operand.sliding.some(({ output, kernel }) => {
    const here = [output, kernel].filter((dim) => spread.has(dim))
    const elsewhere = [output, kernel].filter((dim) => temporal.has(dim) || further.has(dim))
    // What one unit held and its neighbour takes next passes between them in the walk, not in the model.
    const passesOn = problem.conventions.inputHalo === 'slides' && m > 0
    return here.length > 0 && (elsewhere.length > 0 || passesOn)
  })
}

/** Links over which a case that is walked through slides. */
function slidingLinks(seed: number, size: RandomSize): number {
  const { problem, mapping } = randomCase(seed, size, {
    ...standardConventions,
    inputHalo: 'slides',
  })
  if (mapping.loops.reduce((product, loop) => product * loop.size, 1) > 400) return 0
  const { operands } = evaluateMapping(problem, mapping)
  return operands
    .flatMap((each) => each.levels.flatMap((level) => level.traffic))
    .filter((link) => link.slid !== undefined).length
}
