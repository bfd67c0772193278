import { describe, expect, test } from 'vitest'
import { quietRun, type Schedule, type Soc } from '../../src/model/index.js'
import { checkSchedule, policies, type PlaceRequest } from '../../src/place/index.js'
import { tableRequest } from './any-request.js'

const plain: Soc = {
  kind: 'soc',
  name: 'two kinds',
  cores: [
    { name: 'npu', count: 1 },
    { name: 'cpu', count: 2 },
  ],
}

const request = tableRequest(
  [
    [3, 5],
    [null, 4],
    [2, 6],
  ],
  [
    [0, 1, 10],
    [0, 2, 10],
  ],
  plain,
)
const good: Schedule = {
  kind: 'schedule',
  startUs: [0, 3, 3],
  endUs: [3, 7, 5],
  core: ['npu', 'cpu', 'npu'],
  coreId: [0, 1, 0],
}

function rules(changed: Partial<Schedule>, of: PlaceRequest = request): string[] {
  const { violations } = checkSchedule(of, { ...good, ...changed })
  return [...new Set(violations.map((each) => each.rule))]
}

describe('the schedule checker', () => {
  test('accepts a right schedule and measures it', () => {
    expect(checkSchedule(request, good)).toEqual({ violations: [], makespanUs: 7 })
  })
  test('finds what is wrong', () => {
    expect(rules({ startUs: [0, 3] })).toEqual(['shape'])
    expect(rules({ core: ['npu', 'gpu', 'npu'] })).toEqual(['core'])
    expect(rules({ coreId: [0, 2, 0] })).toEqual(['core'])
    expect(rules({ core: ['npu', 'npu', 'npu'], coreId: [0, 0, 0] })).toContain('eligibility')
    expect(rules({ startUs: [0, 2, 3], endUs: [3, 6, 5] })).toEqual(['precedence'])
    expect(rules({ endUs: [3, 6, 5] })).toEqual(['duration'])
    expect(rules({ startUs: [-1, 3, 3], endUs: [2, 7, 5] })).toEqual(['release'])
    const tail = { startUs: [0, 3, 2.5], endUs: [3, 7, 4.5] }
    expect(rules(tail)).toEqual(['precedence', 'capacity'])
  })
  test('on a clock, starts are ticks and cores are held to the end of a tick', () => {
    const clocked = { ...request, clockUs: 2 }
    expect(rules({}, clocked)).toContain('clock')
    expect(rules({ startUs: [0, 4, 4], endUs: [3, 8, 6] }, clocked)).toEqual([])
  })
  test('a contended bus needs its transfers, one at a time', () => {
    const bus: Soc = {
      ...plain,
      interconnect: {
        kind: 'bus',
        latencyUs: 1,
        usPerVolume: [
          [0.1, 0.1],
          [0.1, 0.1],
        ],
        contention: true,
      },
    }
    const onBus = { ...request, soc: bus }
    expect(rules({}, onBus)).toEqual(['transfer'])
    const later = { startUs: [0, 5, 3], endUs: [3, 9, 5] }
    const transfers = [{ from: 0, to: 1, startUs: 3, endUs: 5 }]
    expect(rules({ ...later, transfers }, onBus)).toEqual([])
    const early = [{ from: 0, to: 1, startUs: 2, endUs: 4 }]
    expect(rules({ ...later, transfers: early }, onBus)).toEqual(['transfer'])
  })
  test('weights that are not in the core’s memory take time to fetch', () => {
    const small: Soc = {
      kind: 'soc',
      name: 'small memory',
      cores: [{ name: 'npu', count: 1, memoryBytes: 100, weightBytesPerUs: 50 }],
    }
    const weighted = tableRequest([[1], [1]], [], small, { inputs: 2, weights: [80, 60] })
    for (const name of ['heft', 'auto', 'min-min']) {
      const placed = policies[name].place(weighted, quietRun)
      expect(checkSchedule(weighted, placed.schedule).violations).toEqual([])
      // Both inputs of an operation back to back: each weight is fetched once.
      if (name === 'auto') expect(placed.makespanUs).toBeCloseTo(4 + 80 / 50 + 60 / 50, 9)
    }
    const schedule: Schedule = {
      kind: 'schedule',
      startUs: [0, 1, 2, 3],
      endUs: [1, 2, 3, 4],
      core: ['npu', 'npu', 'npu', 'npu'],
      coreId: [0, 0, 0, 0],
    }
    expect(checkSchedule(weighted, schedule).violations.map((each) => each.rule)).toContain(
      'weights',
    )
  })
  test('every policy that knows transfers keeps a contended bus', () => {
    const bus: Soc = {
      ...plain,
      interconnect: {
        kind: 'bus',
        latencyUs: 1,
        usPerVolume: [
          [1, 1],
          [1, 1],
        ],
        contention: true,
      },
    }
    const many = tableRequest(
      [
        [3, 5],
        [null, 4],
        [2, 6],
        [4, 3],
        [1, null],
        [3, 3],
      ],
      [
        [0, 1, 2],
        [0, 2, 3],
        [1, 3, 1],
        [2, 3, 4],
        [2, 4, 1],
        [3, 5, 2],
        [4, 5, 2],
      ],
      bus,
      { inputs: 3, periodUs: 4 },
    )
    for (const name of ['heft', 'cpop', 'peft', 'dls', 'etf', 'lookahead', 'min-min', 'auto']) {
      const placed = policies[name].place(many, quietRun)
      expect(checkSchedule(many, placed.schedule).violations, name).toEqual([])
    }
  })
})
