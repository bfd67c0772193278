import { describe, expect, test } from 'vitest'
import { InfeasibleError } from '../../src/base/index.js'
import {
  evaluateMapping,
  MappingKernel,
  primeFactors,
  publishedConventions,
  slidingExtent,
  standardConventions,
  timeloopConventions,
  type HierarchicalProblem,
} from '../../src/cost/hierarchical/index.js'
import { optimalOrdering, type OrderingMetric } from '../../src/map/ordering/index.js'
import { loopDims, quietRun, type LoopDim, type TemporalLoop } from '../../src/model/index.js'
import { randomCase, type RandomSize } from '../cost/random-problem.js'

const MAX_FACTORS = 5

function factorsOf(problem: HierarchicalProblem): TemporalLoop[] {
  return loopDims.flatMap((dim) =>
    primeFactors(problem.temporal[dim]).map((size) => ({ dim, size })),
  )
}

/** All different orders of a list of loops. */
function orders(loops: readonly TemporalLoop[]): TemporalLoop[][] {
  if (loops.length === 0) return [[]]
  const seen = new Set<string>()
  return loops.flatMap((first, i) => {
    const key = `${first.dim}${first.size}`
    if (seen.has(key)) return []
    seen.add(key)
    return orders(loops.filter((_, j) => j !== i)).map((rest) => [first, ...rest])
  })
}

/** All ascending lists of `count` cuts in 0 … n, each followed by n. */
function cutLists(count: number, n: number, from = 0): number[][] {
  if (count === 0) return [[n]]
  return Array.from({ length: n - from + 1 }, (_, i) => from + i).flatMap((cut) =>
    cutLists(count - 1, n, cut).map((rest) => [cut, ...rest]),
  )
}

/** Bits that an operand needs in each of its memories, worked out loop by loop. */
function roomBits(
  problem: HierarchicalProblem,
  p: number,
  loops: readonly TemporalLoop[],
  cuts: readonly number[],
): number[] {
  const { operand, mean } = problem.operands[p]
  return cuts.map((cut, m) => {
    const inside = [...loops.slice(0, cut), ...mean.loops.slice(0, m + 1).flat()]
    const size = (dim: LoopDim): number =>
      inside.filter((loop) => loop.dim === dim).reduce((product, loop) => product * loop.size, 1)
    const up = (x: number): number => Math.ceil(x - 1e-9)
    let elements = 1
    for (const dim of operand.relevant) elements *= up(size(dim))
    for (const axis of operand.sliding) {
      const { extentRounding } = problem.conventions
      elements *= up(
        slidingExtent(
          axis.stride,
          size(axis.output),
          axis.dilation,
          size(axis.kernel),
          extentRounding,
        ),
      )
    }
    const above = loops.slice(m === 0 ? 0 : cuts[m - 1])
    const accumulates = p === 0 && above.some((loop) => operand.irrelevant.includes(loop.dim))
    return elements * (accumulates ? operand.partialBits : operand.bits)
  })
}

interface Best {
  energy: number
  cycles: number
  edp: number
  /** Least energy of those with the fewest cycles. */
  energyOfFastest: number
}

/** The best of all orders and all cuts, by looking at every one. */
function bruteForce(problem: HierarchicalProblem): Best {
  const best: Best = {
    energy: Infinity,
    cycles: Infinity,
    edp: Infinity,
    energyOfFastest: Infinity,
  }
  const kernel = new MappingKernel(problem)
  const factors = factorsOf(problem)
  for (const loops of orders(factors)) {
    const lists = problem.operands.map(({ memories }, p) =>
      cutLists(memories.length - 1, loops.length).map((cuts) => ({
        cuts,
        bits: roomBits(problem, p, loops, cuts),
      })),
    )
    const choose = (
      p: number,
      cuts: Record<string, readonly number[]>,
      used: readonly number[],
    ): void => {
      if (p === problem.operands.length) {
        kernel.load({ kind: 'uneven-mapping', spatial: problem.unrolling, loops, cuts })
        kernel.evaluate()
        const [energyPj] = kernel.energyPj
        const [cycles] = kernel.totalCycles
        best.energy = Math.min(best.energy, energyPj)
        if (cycles < best.cycles) best.energyOfFastest = Infinity
        best.cycles = Math.min(best.cycles, cycles)
        if (cycles === best.cycles) {
          best.energyOfFastest = Math.min(best.energyOfFastest, energyPj)
        }
        best.edp = Math.min(best.edp, energyPj * cycles)
        return
      }
      const { operand, memoryIndices } = problem.operands[p]
      for (const each of lists[p]) {
        const now = [...used]
        each.bits.forEach((bits, m) => (now[memoryIndices[m]] += bits))
        if (now.some((bits, index) => bits > problem.accelerator.memories[index].sizeBits)) continue
        choose(p + 1, { ...cuts, [operand.name]: each.cuts }, now)
      }
    }
    choose(
      0,
      {},
      problem.accelerator.memories.map(() => 0),
    )
  }
  return best
}

/** Seeds of random problems that are small enough for looking at everything. */
function smallCases(
  count: number,
  conventions: typeof standardConventions,
  size: Omit<RandomSize, 'divisible'> = { loop: 4, memories: 2 },
): [number, HierarchicalProblem][] {
  const cases: [number, HierarchicalProblem][] = []
  for (let seed = 1; cases.length < count; seed++) {
    const { problem } = randomCase(seed, { ...size, divisible: seed % 2 === 0 }, conventions)
    const factors = factorsOf(problem).length
    const cuts = problem.operands.reduce((sum, { memories }) => sum + memories.length - 1, 0)
    if (factors > 0 && factors <= MAX_FACTORS && factors + cuts <= 8) cases.push([seed, problem])
  }
  return cases
}

function search(problem: HierarchicalProblem, metric: OrderingMetric) {
  try {
    return optimalOrdering(problem, { metric }, quietRun)
  } catch (error) {
    if (error instanceof InfeasibleError) return undefined
    throw error
  }
}

describe.each([
  ['standard', standardConventions, 220],
  ['published', { ...publishedConventions, innermostCapacity: 'checked' as const }, 60],
  ['busiest port', { ...timeloopConventions, inputHalo: 'refetched' as const }, 60],
])(
  'the exact search equals looking at every order and every cut (%s)',
  (_name, conventions, count) => {
    const cases = smallCases(count, conventions)
    test.each(['energy', 'cycles', 'edp'] as const)('%s', (metric) => {
      for (const [seed, problem] of cases) {
        const all = bruteForce(problem)
        const best = all[metric]
        const found = search(problem, metric)
        if (found === undefined) {
          expect(best, `seed ${seed}: nothing fits`).toBe(Infinity)
          continue
        }
        expect(found.status, `seed ${seed}`).toBe('optimal')
        expect(found.objective / best, `seed ${seed}`).toBeCloseTo(1, 9)
        if (metric !== 'cycles') continue
        const { energyPj } = found.value.cost
        expect(energyPj / all.energyOfFastest, `seed ${seed}: ties`).toBeCloseTo(1, 9)
      }
    })
  },
)

describe.each([
  ['standard otherwise', { ...standardConventions, inputHalo: 'slides' as const }, 220],
  ['timeloop', timeloopConventions, 120],
])('where halos slide, too (%s)', (_name, conventions, count) => {
  const convolution = ['K', 'OY', 'OX', 'FY', 'FX'] as const
  const refetched = { ...conventions, inputHalo: 'refetched' as const }
  const size = { loop: 4, memories: 2, convolution, tight: true }
  const cases = smallCases(count, conventions, size)
  test.each(['energy', 'cycles', 'edp'] as const)('%s', (metric) => {
    let saves = 0
    for (const [seed, problem] of cases) {
      const all = bruteForce(problem)
      const best = all[metric]
      const found = search(problem, metric)
      if (found === undefined) {
        expect(best, `seed ${seed}: nothing fits`).toBe(Infinity)
        continue
      }
      expect(found.status, `seed ${seed}`).toBe('optimal')
      expect(found.objective / best, `seed ${seed}`).toBeCloseTo(1, 9)
      const { energyPj, latency } = found.value.cost
      const { totalCycles } = latency
      const objective = { energy: energyPj, cycles: totalCycles, edp: energyPj * totalCycles }
      expect(objective[metric] / best, `seed ${seed}`).toBeCloseTo(1, 9)
      if (metric === 'cycles') {
        expect(energyPj / all.energyOfFastest, `seed ${seed}: ties`).toBeCloseTo(1, 9)
      }
      if (best < bruteForce({ ...problem, conventions: refetched })[metric]) saves++
    }
    // Where whole tiles stall, cycles do not change with the halo.
    const changes = metric !== 'cycles' || conventions.latencyRule === 'busiest-port'
    expect(saves).toBeGreaterThan(changes ? count / 40 : -1)
  })
})

test('the energy of the search is that of the cost model, and its mapping is valid', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { problem } = randomCase(seed, { loop: 12, divisible: false, memories: 4 })
    const found = search(problem, 'energy')
    if (found === undefined) continue
    const cost = evaluateMapping(problem, found.value.mapping)
    expect(found.objective / cost.energyPj, `seed ${seed}`).toBeCloseTo(1, 10)
    expect(cost.overflows, `seed ${seed}`).toEqual([])
  }
})
