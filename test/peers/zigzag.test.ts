import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  evaluateMapping,
  hierarchicalProblem,
  MappingKernel,
  zigzagConventions,
} from '../../src/cost/hierarchical/index.js'
import { loma } from '../../src/map/hierarchical/index.js'
import {
  acceleratorOf,
  layerOf,
  mappingOf,
  operandNames,
  unrollingOf,
  type ZigzagCase,
} from './zigzag-cases.js'

const path = new URL('../golden/data/peers/zigzag.json.gz', import.meta.url)
const cases = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as ZigzagCase[]

/**
 * ZigZag 3.8.5 differs from the published model of 2022 by the five fields that `zigzagConventions` sets. Its on- and
 * off-loading is another model altogether (loads begin in the cycles that computation leaves free on a port), which is
 * not reproduced: cycles are compared without it.
 */
describe('ZigZag 3.8.5', () => {
  test.each(cases.map((each) => [each.id, each] as const))('%s: the given mapping', (_, golden) => {
    const problem = problemOf(golden)
    const mapping = mappingOf(golden)
    const cost = evaluateMapping(problem, mapping)
    const { result } = golden
    expect(relative(cost.energyPj, result.energy_pJ)).toBeLessThan(1e-9)
    expect(relative(cost.macEnergyPj, result.mac_energy_pJ)).toBeLessThan(1e-9)
    expect(cost.latency.computeCycles).toBe(result.latency_without_on_off_load)
    // ZigZag calls the cycles of the loop nest ideal.
    expect(cost.latency.temporalCycles).toBe(result.ideal_cycles)
    for (const [operand, levels] of Object.entries(result.memory_word_accesses)) {
      const mine = cost.operands.find((each) => each.name === operandNames[operand])
      levels.forEach((words, m) => {
        expect(mine?.levels[m].wordAccesses, `${operand} level ${m}`).toEqual([
          words['rd_out_to_low'],
          words['wr_in_by_low'],
          words['rd_out_to_high'],
          words['wr_in_by_high'],
        ])
      })
      result.memory_energy_pJ_by_operand_level[operand].forEach((energy, m) => {
        const own = mine?.levels[m].energyPj.reduce((sum, each) => sum + each, 0) ?? 0
        expect(relative(own, energy)).toBeLessThan(1e-9)
      })
    }
    const kernel = new MappingKernel(problem)
    kernel.load(mapping)
    kernel.evaluate()
    expect(relative(kernel.energyPj[0], cost.energyPj)).toBeLessThan(1e-12)
    expect(kernel.loadedCycles[0]).toBe(cost.latency.loadedCycles)
  })

  test.each(
    cases.filter((each) => each.objective === 'energy').map((each) => [each.id, each] as const),
  )('%s: LOMA finds the same energy', (_, golden) => {
    const found = loma(problemOf(golden), { lpfLimit: 6 })
    expect(relative(found.objective, golden.result.energy_pJ)).toBeLessThan(1e-9)
  })
})

function problemOf(golden: ZigzagCase) {
  return hierarchicalProblem(
    layerOf(golden),
    acceleratorOf(golden),
    unrollingOf(golden),
    zigzagConventions,
  )
}

function relative(got: number, want: number): number {
  return Math.abs(got - want) / Math.max(Math.abs(want), 1e-12)
}
