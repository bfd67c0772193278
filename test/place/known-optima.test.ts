import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readPlaceNetwork } from '../../src/formats/place/index.js'
import { quietRun } from '../../src/model/index.js'
import { checkSchedule, policies, type PlaceRequest } from '../../src/place/index.js'

const folder = new URL('./cases/', import.meta.url)

/** Published and proved optima: worked examples of the literature, classic job shops, planted schedules. */
function load(name: string): { request: PlaceRequest; optimal: number } {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const network = readPlaceNetwork(text, name)
  if (network.soc === undefined || network.costs === undefined) throw new Error(name)
  const { known } = JSON.parse(text) as { known: { optimal: number } }
  return {
    request: {
      applications: [{ graph: network.graph, inputs: 1 }],
      soc: network.soc,
      costs: network.costs,
      clockUs: 0,
    },
    optimal: known.optimal,
  }
}

describe('known optima', () => {
  for (const name of readdirSync(folder).sort()) {
    // The hardest of them take many seconds to prove; finding it within 2 % is asked of auto.
    const hard = /^(jsp-ft10|rel-forkjoin)/.test(name)
    test(name.replace('.json', ''), () => {
      const { request, optimal } = load(name)
      const placed = policies['auto'].place(request, quietRun)
      expect(checkSchedule(request, placed.schedule).violations).toEqual([])
      expect(placed.makespanUs).toBeLessThanOrEqual(optimal * (hard ? 1.02 : 1 + 1e-6))
      expect(placed.lowerBoundUs).toBeLessThanOrEqual(optimal * (1 + 1e-6))
      if (!hard) expect(placed.status).toBe('optimal')
    })
  }

  test('the classic example has the makespans of the literature', () => {
    const { request } = load('topcuoglu-10x3.json')
    const makespan = (policy: string): number =>
      policies[policy].place(request, quietRun).makespanUs
    expect(makespan('heft')).toBe(80)
    expect(makespan('cpop')).toBe(86)
    expect(makespan('peft')).toBe(85)
    expect(makespan('exact')).toBe(73)
  })
})
