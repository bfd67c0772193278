import { describe, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readScenario, readTableAccelerator } from '../../src/formats/index.js'
import { quietRun, type Scenario } from '../../src/model/index.js'
import {
  runPlan,
  steps,
  type PlanInput,
  type PlanResult,
  type StepRunner,
} from '../../src/plan/index.js'
import { keyword } from './keyword-network.js'

const accelerator = readTableAccelerator(
  readFileSync(
    fileURLToPath(new URL('../../presets/accelerators/acc-2lv.yaml', import.meta.url)),
    'utf8',
  ),
  'acc-2lv.yaml',
)

/** Runs every step at once, in this process, without a cache. */
const runner: StepRunner = {
  run: (step, inputs) => Promise.resolve(inputs.map((input) => steps[step](input, quietRun))),
}

interface Chip {
  readonly npus?: number
  readonly bandwidth?: number | 'unlimited'
  readonly cpus?: number
}

function scenario({ npus = 1, bandwidth, cpus = 0 }: Chip, rate: number, networks = 1): Scenario {
  const vector = '{ gopsPerS: 1, gbytesPerS: 1, pjPerOp: 1, pjPerByte: 2 }'
  const lines = [
    'kind: scenario',
    'name: test',
    'chip:',
    '  name: chip',
    '  cores:',
    `    - { name: npu, count: ${npus}, accelerator: acc-2lv, metric: energy, vectorUnit: ${vector} }`,
    ...(cpus > 0
      ? [
          `    - { name: cpu, count: ${cpus}, roofline: { gopsPerS: 3, gbytesPerS: 1, pjPerOp: 5, pjPerByte: 9 } }`,
        ]
      : []),
    ...(bandwidth === undefined
      ? []
      : [`  interconnect: { gbytesPerS: ${bandwidth}, latencyUs: 0 }`]),
    'networks:',
    ...Array.from(
      { length: networks },
      (_, i) =>
        `  - { name: net${i}, model: keyword, rate: ${rate}, arrivals: periodic, sloMs: 1000 }`,
    ),
    'serve: { policies: [fcfs], seconds: 20, seeds: 1 }',
  ]
  return readScenario(lines.join('\n'), 'test.yaml')
}

function plan(chip: Chip, rate = 0.5, networks = 1): Promise<PlanResult> {
  const wanted = scenario(chip, rate, networks)
  const input: PlanInput = {
    scenario: wanted,
    networks: wanted.networks.map((settings) => ({ settings, network: keyword, frequency: 1 })),
    cores: wanted.chip.cores.map((core) =>
      core.engine.kind === 'accelerator' ? { core, accelerator } : { core },
    ),
    seed: 1,
    placePolicy: 'auto',
  }
  return runPlan(input, runner, () => undefined)
}

describe('the levels of a plan agree with each other', () => {
  test('the energy of a network is the sum of its operations, and of a plan that of its networks', async () => {
    const { networks, powerW } = await plan({ npus: 2, cpus: 1 }, 0.5, 2)
    let total = 0
    for (const network of networks) {
      const parts = network.operations.reduce((sum, each) => sum + each.energyPj, 0)
      expect(network.energyPj).toBe(parts)
      total += parts * network.ratePerS * 1e-12
    }
    expect(powerW / total).toBeCloseTo(1, 12)
  })

  test('one network on one core takes the sum of its operations, one after another', async () => {
    const { networks } = await plan({})
    const [{ operations, makespanUs, status }] = networks
    const sum = operations.reduce((total, each) => total + each.endUs - each.startUs, 0)
    expect(makespanUs / sum).toBeCloseTo(1, 9)
    expect(status).toBe('optimal')
    const ordered = [...operations].sort((a, b) => a.startUs - b.startUs)
    ordered.slice(1).forEach((each, i) => expect(each.startUs).toBeCloseTo(ordered[i].endUs, 6))
  })

  test('the time of a mapped operation is that of its mapping', async () => {
    const { networks } = await plan({})
    const conv = networks[0].operations.find((each) => each.name.includes('conv1'))
    const node = keyword.nodes.find((each) => each.name === conv?.name)
    if (conv === undefined || node?.work.kind !== 'layer') throw new Error('conv1 is missing')
    const cost = steps.layer(
      {
        layer: { ...node.work.layer, name: '', inputs: [] },
        accelerator,
        metric: 'energy',
        dataflow: 'fixed',
      },
      quietRun,
    )
    expect(conv.endUs - conv.startUs).toBeCloseTo(
      (cost?.latencyCycles ?? 0) / accelerator.clockMhz,
      6,
    )
    expect(conv.energyPj).toBe(cost?.energyPj)
  })

  test('unlimited bandwidth is never slower', async () => {
    const slow = await plan({ npus: 2, cpus: 1, bandwidth: 0.01 })
    const fast = await plan({ npus: 2, cpus: 1, bandwidth: 'unlimited' })
    expect(fast.networks[0].makespanUs).toBeLessThanOrEqual(
      slow.networks[0].makespanUs * (1 + 1e-9),
    )
  })

  test('at vanishing load a request takes the placed makespan', async () => {
    const { networks, best } = await plan({ npus: 2, cpus: 1 }, 0.5)
    expect(best.meanLatencyMs / (networks[0].makespanUs / 1000)).toBeCloseTo(1, 9)
    expect(best.antt).toBeCloseTo(1, 9)
    expect(best.violationRate).toBe(0)
  })

  test('the same plan twice gives the same document', async () => {
    const [a, b] = [
      await plan({ npus: 2, cpus: 1 }, 20, 2),
      await plan({ npus: 2, cpus: 1 }, 20, 2),
    ]
    expect(JSON.stringify(a)).toBe(JSON.stringify(b))
  })
})
