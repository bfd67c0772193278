import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readPlaceNetwork, readSoc } from '../../src/formats/place/index.js'
import { quietRun } from '../../src/model/index.js'
import {
  checkSchedule,
  compileProblem,
  lowerBounds,
  policies,
  steadyState,
  type PlaceRequest,
} from '../../src/place/index.js'

function preset(file: string): string {
  return readFileSync(new URL(`../../presets/${file}`, import.meta.url), 'utf8')
}

function request(inputs: number, clockUs: number): PlaceRequest {
  const network = readPlaceNetwork(preset('networks/xception.yaml'), 'xception.yaml')
  if (network.costs === undefined) throw new Error('no times')
  return {
    applications: [{ graph: network.graph, inputs }],
    soc: readSoc(preset('socs/grai.yaml'), 'grai.yaml'),
    costs: network.costs,
    clockUs,
  }
}

describe('xception on 4 NPUs and 2 CPUs', () => {
  test('published policies by the command’s own path', () => {
    const clocked = request(16, 100)
    expect(policies['random'].place(clocked, quietRun).makespanUs).toBe(2183219.796971777)
    expect(policies['npu-first'].place(clocked, quietRun).makespanUs).toBe(1064300.6650120076)
    const prism = policies['prism'].place(clocked, quietRun)
    expect(prism.makespanUs).toBe(1045100.6650120077)
    expect(prism.accepted).toHaveLength(51)
    expect(checkSchedule(clocked, prism.schedule).violations).toEqual([])
  })

  for (const [clockUs, target, bound] of [
    [100, 993_501, 983700.6650120077],
    [0, 976_100, 967123.800600517],
  ]) {
    test(`16 inputs, clock ${clockUs}: far below the published schedule`, () => {
      const asked = request(16, clockUs)
      const placed = policies['auto'].place(asked, quietRun)
      expect(checkSchedule(asked, placed.schedule).violations).toEqual([])
      expect(placed.makespanUs).toBeLessThanOrEqual(target)
      expect(placed.lowerBoundUs / bound).toBeCloseTo(1, 9)
    })
  }

  test('bounds of the specification, and a modulo schedule that meets the steady one', () => {
    const bounds = lowerBounds(compileProblem(request(16, 100)))
    expect(bounds.criticalPathUs).toBeCloseTo(311300.66501200764, 6)
    const steady = steadyState(compileProblem(request(1, 100)))
    expect(steady.boundUs).toBeCloseTo(60150, 6)
    expect(steady.periodUs).toBeCloseTo(60150, 6)
  })
})
