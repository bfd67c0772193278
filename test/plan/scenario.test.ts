import { describe, expect, test } from 'vitest'
import { formatDiagnostic, InputError } from '../../src/base/index.js'
import { readScenario, scenarioVariants } from '../../src/formats/index.js'

const good = `kind: scenario
name: s
chip:
  name: c
  cores:
    - { name: npu, count: 2, accelerator: eyeriss }
    - { name: cpu, roofline: { gopsPerS: 1, gbytesPerS: 1 } }
networks:
  - { name: a, model: x, rate: 10 }
  - { name: b, model: y, after: { network: a, probability: 0.5 } }
`

function problems(text: string): string[] {
  try {
    readScenario(text, 's.yaml')
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(formatDiagnostic)
    throw error
  }
  return []
}

describe('scenarios', () => {
  test('a follower comes at the rate of the network that it follows', () => {
    const { networks } = readScenario(good, 's.yaml')
    expect(networks[1].arrivals).toEqual({ kind: 'poisson', ratePerS: 10 })
  })

  test.each([
    [
      'a core without engine',
      good.replace(', accelerator: eyeriss', ''),
      's.yaml:6:7 [E-SCEN-001] core "npu" needs either an accelerator or a roofline — give exactly one of the two',
    ],
    [
      'two cores of one name',
      good.replace('name: cpu', 'name: npu'),
      's.yaml:7:15 [E-SCEN-002] two kinds of core are named "npu"',
    ],
    [
      'two networks of one name',
      good.replace('name: b', 'name: a'),
      's.yaml:10:13 [E-SCEN-003] two networks are named "a"',
    ],
    [
      'a network without arrivals',
      good.replace(', rate: 10', ''),
      's.yaml:9:5 [E-SCEN-004] network "a" has no arrivals — give rate (requests per second) or after',
    ],
    [
      'a follower of nobody',
      good.replace('network: a,', 'network: aa,'),
      's.yaml:10:44 [E-SCEN-005] network "b" follows "aa", which is no network listed before it — did you mean "a"?',
    ],
    [
      'a chip that does not split',
      good + 'serve: { partitions: 2 }\n',
      's.yaml:7:7 [E-SCEN-008] 1 cpu cannot be split into 2 equal partitions — give a multiple of 2, or change serve.partitions',
    ],
    [
      'a density model and a trace',
      good.replace('rate: 10', 'rate: 10, trace: t.csv, density: { mean: 0.5 }'),
      's.yaml:9:43 [E-SCEN-009] network "a" has both a density model and a trace — give one of the two',
    ],
    [
      'a misspelt key',
      good.replace('rate: 10', 'rates: 10'),
      's.yaml:9:26 [E-YAML-002] unknown key "rates" in "networks.0" — did you mean "rate"?',
    ],
  ])('%s', (_name, text, expected) => {
    expect(problems(text)).toContain(expected)
  })
})

describe('--vary', () => {
  test('makes all combinations, walking by name and by index', () => {
    const variants = scenarioVariants(good, 's.yaml', [
      'chip.cores.npu.count=1..3',
      'networks.0.rate=10,20',
    ])
    expect(variants.map((each) => each.settings)).toHaveLength(6)
    const last = readScenario(variants[5].text, 's.yaml')
    expect(last.chip.cores[0].count).toBe(3)
    expect(last.networks[0].arrivals.ratePerS).toBe(20)
  })

  test('names what is not there, and what is', () => {
    expect(() => scenarioVariants(good, 's.yaml', ['chip.cores.gpu.count=1'])).toThrow(
      'the scenario has no "chip.cores.gpu" — there is: npu, cpu',
    )
    expect(() => scenarioVariants(good, 's.yaml', ['nonsense'])).toThrow('is not PATH=VALUES')
  })
})
