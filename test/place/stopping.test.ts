import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readPlaceNetwork, readSoc } from '../../src/formats/place/index.js'
import { quietRun, type Run } from '../../src/model/index.js'
import {
  checkSchedule,
  compileProblem,
  policies,
  steadyState,
  summarize,
  type PlaceRequest,
} from '../../src/place/index.js'
import { placeFiles } from '../../src/report/place/index.js'

function preset(file: string): string {
  return readFileSync(new URL(`../../presets/${file}`, import.meta.url), 'utf8')
}

function request(inputs: number, clockUs = 0): PlaceRequest {
  const network = readPlaceNetwork(preset('networks/xception.yaml'), 'xception.yaml')
  if (network.costs === undefined) throw new Error('no times')
  return {
    applications: [{ graph: network.graph, inputs }],
    soc: readSoc(preset('socs/grai.yaml'), 'grai.yaml'),
    costs: network.costs,
    clockUs,
  }
}

/** A run that is to stop at its n-th look, and says how often it looked afterwards. */
function stoppedAfter(looks: number): Run & { late(): number } {
  let seen = 0
  return {
    ...quietRun,
    cancelled: () => ++seen > looks,
    late: () => Math.max(0, seen - looks),
  }
}

describe('a search that is told to stop', () => {
  for (const name of Object.keys(policies)) {
    for (const looks of [0, 5, 40]) {
      test(`${name}, after ${looks} looks: a valid schedule and its bound, soon`, () => {
        const asked = request(100, 100)
        const run = stoppedAfter(looks)
        const placed = policies[name].place(asked, run)
        expect(checkSchedule(asked, placed.schedule).violations).toEqual([])
        expect(placed.lowerBoundUs).toBeGreaterThan(6_000_000)
        expect(placed.makespanUs).toBeGreaterThanOrEqual(placed.lowerBoundUs)
        // Every phase that looks ends at once, and no phase goes on without looking.
        expect(run.late()).toBeLessThan(20)
        expect(placed.evaluations).toBeLessThanOrEqual(looks + 2)
      })
    }
  }

  test('a list that was cut short says so, and one that was not does not', () => {
    const cut = policies['etf'].place(request(100), stoppedAfter(3))
    expect(cut.method).toBe('list schedule, cut short')
    expect(policies['etf'].place(request(2), quietRun).method).toBe('list schedule')
  })
})

test('a schedule of ten thousands of operations is drawn as the occupancy of its cores', async () => {
  const asked = request(100)
  const placement = policies['heft'].place(asked, quietRun)
  const problem = compileProblem(asked)
  const files = await placeFiles({
    title: 'xception',
    policy: 'heft',
    problem,
    placement,
    summary: summarize(problem, placement.schedule),
    steady: steadyState(compileProblem(request(1))),
    seconds: 1,
    commandLine: 'heddle place',
  })
  const svg = String(files.get('gantt.svg'))
  expect(svg.match(/<rect /g)?.length).toBeLessThan(7000)
  expect(svg).toMatch(/npu 0, 0 to .* µs: [\d.]+ % busy/)
  expect(String(files.get('report.html'))).toContain('13 400 operations are too many')
  expect(String(files.get('schedule.csv')).trim().split('\n')).toHaveLength(13_401)
})
