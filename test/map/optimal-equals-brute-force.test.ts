import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkTable, published, standard } from '../../src/cost/scheduling-table/index.js'
import { mappingSpace, searchOptimal, searchPareto } from '../../src/map/index.js'
import {
  quietRun,
  type Operand,
  type PerOperand,
  type Stationarity,
  type TableAccelerator,
  type TableBuffer,
  type TableLayer,
} from '../../src/model/index.js'
import { everyTable } from './naive-search.js'

const stationarity = fc.constantFrom<Stationarity>('is', 'ws', 'os')
const stationaryOperand: Record<string, Operand> = { is: 'input', ws: 'weight', os: 'output' }

/** Random small buffers: shared or separate, with every bypass that the stationarity allows. */
function buffer(sizes: readonly [number, number], maxBypass = 2): fc.Arbitrary<TableBuffer> {
  const size = fc.integer({ min: sizes[0], max: sizes[1] })
  const energy = fc.double({ min: 0.1, max: 9, noNaN: true })
  const perOperand = fc.oneof(
    fc.tuple(energy),
    fc.tuple(energy, energy, energy),
  ) as fc.Arbitrary<PerOperand>
  return fc
    .record({
      sizeBytes: fc.oneof(fc.tuple(size.map((n) => 3 * n)), fc.tuple(size, size, size)),
      dataflow: fc.oneof(
        { weight: 5, arbitrary: stationarity },
        { weight: 1, arbitrary: fc.constant<Stationarity>('none') },
      ),
      bypass: fc.subarray<Operand>(['input', 'weight', 'output'], { maxLength: maxBypass }),
      accessEnergyPj: perOperand,
      staticPowerMw: perOperand,
      cyclesPerTransfer: fc.constantFrom<PerOperand>([1], [1, 2, 1], [3]),
      bandwidthBits: fc.constantFrom(4, 8, 24, 64),
    })
    .map((b) => ({
      ...b,
      bypass: b.bypass.filter((operand) => operand !== stationaryOperand[b.dataflow]),
    }))
}

const side = fc.integer({ min: 1, max: 3 })
const array = fc.option(fc.record({ x: side, y: side }), { nil: undefined })
const accelerator: fc.Arbitrary<TableAccelerator> = fc
  .record({
    macArray: array,
    localBuffer: buffer([2, 24], 1),
    peArray: array,
    globalBuffer: fc.option(buffer([8, 90]), { nil: undefined, freq: 4 }),
    chips: array,
    dram: buffer([99, 99], 0),
    macEnergyPj: fc.double({ min: 0.1, max: 3, noNaN: true }),
    macStaticPowerMw: fc.constantFrom(0, 0.01, 5),
  })
  .map(({ macArray, peArray, globalBuffer, chips, ...rest }) => ({
    kind: 'table-accelerator',
    name: 'random',
    precisionBits: 8,
    clockMhz: 500,
    ...rest,
    ...(macArray ? { macArray } : {}),
    ...(peArray ? { peArray } : {}),
    ...(globalBuffer ? { globalBuffer } : {}),
    ...(chips ? { chips } : {}),
  }))

/** Layers of at most a few prime factors, so that every table can be tried. */
const layer = (maxFactors: number): fc.Arbitrary<TableLayer> =>
  fc
    .record({
      primes: fc.array(
        fc.record({ dim: fc.integer({ min: 0, max: 7 }), prime: fc.constantFrom(2, 2, 2, 3, 5) }),
        { minLength: 1, maxLength: maxFactors },
      ),
      stride: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 2 }),
    })
    .map(({ primes, stride, dilation }) => {
      const dims = [1, 1, 1, 1, 1, 1, 1, 1]
      for (const { dim, prime } of primes) dims[dim] *= prime
      return {
        name: 'random',
        dims,
        strideY: stride,
        strideX: stride,
        dilationY: dilation,
        dilationX: 1,
      }
    })

/** Points that no other beats in both figures, least energy first; sums that differ in rounding only count as equal. */
function tradeOffs(
  leastEnergyOf: ReadonlyMap<number, number>,
): { energyPj: number; cycles: number }[] {
  const all = [...leastEnergyOf].map(([cycles, energyPj]) => ({ energyPj, cycles }))
  all.sort((x, y) => x.cycles - y.cycles)
  const kept: typeof all = []
  for (const each of all) {
    const last = kept.at(-1)
    if (last === undefined || each.energyPj < last.energyPj * (1 - 1e-9)) kept.push(each)
  }
  return kept.reverse()
}

const metrics = ['energy', 'cycles', 'edp'] as const

/** Flexible dataflow has up to nine times the candidates: smaller layers. */
const question = fc.oneof(
  fc.record({ dataflow: fc.constant('fixed' as const), l: layer(5) }),
  fc.record({ dataflow: fc.constant('flexible' as const), l: layer(3) }),
)

describe.each([
  ['standard', standard, 300],
  ['published rules', { ...published, arithmetic: 'float64' as const }, 50],
  ['overlapping stages', { ...standard, overlap: 'full' as const }, 30],
] as const)('optimal search, %s', (_, conventions, numRuns) => {
  it('equals brute force on random small problems', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(accelerator, question, (a, { l, dataflow }) => {
        const least = { energy: Infinity, cycles: Infinity, edp: Infinity }
        const leastEnergyOf = new Map<number, number>()
        for (const cost of everyTable(a, l, dataflow, conventions)) {
          const cycles = cost.latencyCycles.total
          leastEnergyOf.set(cycles, Math.min(leastEnergyOf.get(cycles) ?? Infinity, cost.energyPj))
          least.energy = Math.min(least.energy, cost.energyPj)
          least.cycles = Math.min(least.cycles, cost.latencyCycles.total)
          least.edp = Math.min(least.edp, cost.edp)
        }
        for (const metric of metrics) {
          const options = { metric, dataflow, conventions }
          if (least.energy === Infinity) {
            expect(() => searchOptimal(a, l, options, quietRun)).toThrow('no mapping')
            continue
          }
          const found = searchOptimal(a, l, options, quietRun)
          expect(checkTable(found.value.cost.problem, found.value.table)).toEqual([])
          expect(found.status).toBe('optimal')
          expect(found.objective / least[metric]).toBeCloseTo(1, 8)
          expect(found.lowerBound).toBe(found.objective)
          if (metric !== 'cycles') continue
          const leastPj = leastEnergyOf.get(least.cycles) ?? NaN
          expect(found.value.cost.energyPj / leastPj).toBeCloseTo(1, 8)
        }
        if (least.energy === Infinity) return
        const found = searchPareto(mappingSpace(a, l, { dataflow, conventions }), quietRun)
        const expected = tradeOffs(leastEnergyOf)
        expect(found.complete).toBe(true)
        expect(found.points.length).toBe(expected.length)
        found.points.forEach(({ cost }, i) => {
          expect(cost.energyPj / expected[i].energyPj).toBeCloseTo(1, 8)
          expect(cost.latencyCycles.total / expected[i].cycles).toBeCloseTo(1, 8)
        })
      }),
      { numRuns, seed: 1 },
    )
  })
})
