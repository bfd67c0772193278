import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldTable, part } from './folded.js'
import { Float64FoldedCost } from './folded-cost.js'
import { evaluatePublished } from './published/evaluate-published.js'
import { PublishedFoldedCost } from './published/folded-published.js'
import { checkTable, evaluateTable, published, standard, tableProblem } from './index.js'
import { anyCase } from '../../../test/cost/any-table-case.js'

describe('Float64FoldedCost', () => {
  for (const conventions of [
    standard,
    { ...standard, overlap: 'full' as const },
    { ...published, arithmetic: 'float64' as const },
  ]) {
    it(`equals evaluateTable (${conventions.name}, overlap ${conventions.overlap})`, () => {
      fc.assert(
        fc.property(anyCase, ({ accelerator, layer, dataflow, table }) => {
          const problem = tableProblem(accelerator, layer, dataflow, conventions)
          const fast = new Float64FoldedCost(problem)
          fast.evaluate(foldTable(table), part.all)
          const slow = evaluateTable(problem, table)
          const close = (a: number, b: number): void => expect(a).toBeCloseTo(b, 6)
          const relative = (a: number, b: number): void =>
            close(b === 0 ? a : a / b, b === 0 ? 0 : 1)
          relative(fast.localUpperPj, slow.dynamicEnergyPj.localUpper)
          relative(fast.localLowerPj, slow.dynamicEnergyPj.localLower)
          relative(fast.globalUpperPj, slow.dynamicEnergyPj.globalUpper)
          relative(fast.globalLowerPj, slow.dynamicEnergyPj.globalLower)
          relative(fast.dramPj, slow.dynamicEnergyPj.dram)
          relative(fast.macCycles, slow.latencyCycles.mac)
          relative(fast.localCycles, slow.latencyCycles.local)
          relative(fast.globalCycles, slow.latencyCycles.global)
          relative(fast.dramCycles, slow.latencyCycles.dram)
          relative(fast.energyPj(), slow.energyPj)
          relative(fast.cycles(), slow.latencyCycles.total)
          const capacity = checkTable(problem, table).filter((v) => v.constraint === 'capacity')
          expect(fast.fits).toBe(capacity.length === 0)
        }),
        { numRuns: 400 },
      )
    })
  }
})

describe('PublishedFoldedCost', () => {
  it('equals evaluatePublished bit for bit', () => {
    fc.assert(
      fc.property(anyCase, ({ accelerator, layer, dataflow, table }) => {
        const problem = tableProblem(accelerator, layer, dataflow, published)
        const fast = new PublishedFoldedCost(problem)
        fast.evaluate(foldTable(table), part.all)
        const slow = evaluatePublished(problem, table)
        expect([fast.energyPj(), fast.cycles()]).toEqual([slow.energyPj, slow.latencyCycles.total])
        expect(fast.localUpperPj).toBe(slow.dynamicEnergyPj.localUpper)
        expect(fast.localLowerPj).toBe(slow.dynamicEnergyPj.localLower)
        expect(fast.globalUpperPj).toBe(slow.dynamicEnergyPj.globalUpper)
        expect(fast.globalLowerPj).toBe(slow.dynamicEnergyPj.globalLower)
        expect(fast.dramPj).toBe(slow.dynamicEnergyPj.dram)
        const capacity = checkTable(problem, table).filter((v) => v.constraint === 'capacity')
        expect(fast.fits).toBe(capacity.length === 0)
      }),
      { numRuns: 400 },
    )
  })
})
