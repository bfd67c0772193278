import { z } from 'zod'
import { InputError, suggestName, type Diagnostic } from '../base/index.js'
import type { Arrivals, Roofline, Scenario, ScenarioCore, ScenarioNetwork } from '../model/index.js'
import { parseYaml } from './parse-yaml.js'

const roofline = {
  gopsPerS: z.number().positive().describe('1e9 scalar operations per second; a MAC counts as two'),
  gbytesPerS: z.number().positive().describe('1e9 bytes per second from and to memory'),
  pjPerOp: z.number().nonnegative().default(0),
  pjPerByte: z.number().nonnegative().default(0),
  launchUs: z.number().nonnegative().default(0).describe('time that starting an operation takes'),
}
const core = z.strictObject({
  name: z.string().min(1),
  count: z.int().positive().default(1),
  accelerator: z.string().optional().describe('preset or file; its loop nests are mapped'),
  clockMhz: z.number().positive().optional(),
  metric: z.enum(['energy', 'cycles', 'edp']).default('edp'),
  dataflow: z.enum(['fixed', 'flexible']).default('fixed'),
  schedule: z
    .enum(['layer-by-layer', 'depth-first'])
    .default('layer-by-layer')
    .describe('depth-first: layers run in stacks, tile by tile, where that is better'),
  deepestStack: z
    .int()
    .min(2)
    .default(8)
    .describe('layers of the longest stack that is tried, with schedule depth-first'),
  vectorUnit: z
    .strictObject(roofline)
    .optional()
    .describe('elementwise arithmetic and data movement beside the array'),
  sparsitySpeedup: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of the time of zero activations that is saved'),
  roofline: z.strictObject(roofline).optional().describe('a CPU or GPU by its two ceilings'),
  runs: z.array(z.string()).optional().describe('operators; default: whatever the engine can'),
})
const network = z.strictObject({
  name: z.string().min(1),
  model: z.string().min(1).describe('ONNX file, Heddle YAML or preset'),
  bind: z.record(z.string(), z.int().positive()).default({}),
  precision: z.array(z.number().positive()).min(1).max(3).optional(),
  assumeElementwise: z
    .array(z.string().min(1))
    .default([])
    .describe('unknown operators of the model that work element by element'),
  rate: z.number().positive().optional().describe('requests per second'),
  arrivals: z.enum(['poisson', 'periodic']).default('poisson'),
  jitterMs: z.number().nonnegative().default(0),
  sloMs: z.number().positive().optional(),
  sloMultiplier: z
    .number()
    .positive()
    .default(10)
    .describe('of the placed latency, where sloMs is not given'),
  priority: z.number().positive().default(1),
  density: z
    .strictObject({
      mean: z.number().gt(0).max(1).default(1),
      spread: z.number().nonnegative().default(0),
      samples: z.int().positive().default(64),
    })
    .optional()
    .describe('default: no zeros'),
  trace: z
    .string()
    .min(1)
    .optional()
    .describe(
      'sparsity per sample and layer as heddle profile writes it: file, preset or PRESET/NAME',
    ),
  after: z
    .strictObject({ network: z.string(), probability: z.number().gt(0).max(1).default(1) })
    .optional()
    .describe('follows another network instead of having arrivals of its own'),
})

/** Heddle YAML of a scenario. */
export const scenarioSchema = z.strictObject({
  kind: z.literal('scenario'),
  name: z.string().min(1),
  description: z.string().default(''),
  chip: z.strictObject({
    name: z.string().min(1),
    cores: z.array(core).min(1),
    interconnect: z
      .strictObject({
        kind: z.enum(['bus', 'links']).default('bus'),
        gbytesPerS: z.union([z.number().positive(), z.literal('unlimited')]),
        latencyUs: z.number().nonnegative().default(0),
        contention: z.boolean().default(false),
      })
      .optional()
      .describe('absent: cores hand data over at no cost'),
  }),
  networks: z.array(network).min(1),
  serve: z
    .strictObject({
      policies: z.array(z.string()).min(1).default(['fcfs', 'sjf', 'dysta']),
      partitions: z
        .int()
        .positive()
        .default(1)
        .describe('equal parts of the chip, each of which serves one request at a time'),
      seconds: z.number().positive().default(20),
      seeds: z.int().positive().default(3),
    })
    .default({ policies: ['fcfs', 'sjf', 'dysta'], partitions: 1, seconds: 20, seeds: 3 }),
  objective: z.enum(['energy', 'latency', 'edp', 'violations']).default('violations'),
})
type ScenarioFile = z.infer<typeof scenarioSchema>

/**
 * Reads a scenario (`kind: scenario`). Models and accelerators stay names: who reads them resolves them.
 * @throws InputError with every problem and its position
 */
export function readScenario(text: string, file: string): Scenario {
  const { value, at } = parseYaml<ScenarioFile>(text, file, scenarioSchema)
  const problems: Diagnostic[] = []
  const report = (
    code: string,
    path: (string | number)[],
    message: string,
    hint?: string,
  ): void => {
    problems.push({ code, at: at(path), message, ...(hint === undefined ? {} : { hint }) })
  }
  const names = value.networks.map((each) => each.name)
  value.chip.cores.forEach((each, i) => {
    if ((each.accelerator === undefined) === (each.roofline === undefined)) {
      report(
        'E-SCEN-001',
        ['chip', 'cores', i],
        `core "${each.name}" needs either an accelerator or a roofline`,
        'give exactly one of the two',
      )
    }
    if (value.chip.cores.findIndex((other) => other.name === each.name) !== i) {
      report(
        'E-SCEN-002',
        ['chip', 'cores', i, 'name'],
        `two kinds of core are named "${each.name}"`,
      )
    }
  })
  value.chip.cores.forEach((each, i) => {
    const { partitions } = value.serve
    if (each.count % partitions !== 0) {
      report(
        'E-SCEN-008',
        ['chip', 'cores', i],
        `${each.count} ${each.name} cannot be split into ${partitions} equal partitions`,
        `give a multiple of ${partitions}, or change serve.partitions`,
      )
    }
  })
  value.networks.forEach((each, i) => {
    if (each.density !== undefined && each.trace !== undefined) {
      report(
        'E-SCEN-009',
        ['networks', i, 'trace'],
        `network "${each.name}" has both a density model and a trace`,
        'give one of the two',
      )
    }
    if (names.indexOf(each.name) !== i) {
      report('E-SCEN-003', ['networks', i, 'name'], `two networks are named "${each.name}"`)
    }
    if (each.after === undefined && each.rate === undefined) {
      report(
        'E-SCEN-004',
        ['networks', i],
        `network "${each.name}" has no arrivals`,
        'give rate (requests per second) or after',
      )
    }
    if (each.after !== undefined && !names.slice(0, i).includes(each.after.network)) {
      report(
        'E-SCEN-005',
        ['networks', i, 'after', 'network'],
        `network "${each.name}" follows "${each.after.network}", which is no network listed before it`,
        suggestName(each.after.network, names.slice(0, i)),
      )
    }
  })
  if (problems.length > 0) throw new InputError(problems)
  return Object.freeze({
    kind: 'scenario',
    name: value.name,
    description: value.description,
    chip: {
      name: value.chip.name,
      cores: value.chip.cores.map(toCore),
      ...(value.chip.interconnect === undefined
        ? {}
        : {
            interconnect: {
              ...value.chip.interconnect,
              gbytesPerS:
                value.chip.interconnect.gbytesPerS === 'unlimited'
                  ? Infinity
                  : value.chip.interconnect.gbytesPerS,
            },
          }),
    },
    networks: value.networks.map((each) => toNetwork(each, value)),
    serve: value.serve,
    objective: value.objective,
  })
}

function toCore(file: ScenarioFile['chip']['cores'][number]): ScenarioCore {
  const common = {
    name: file.name,
    count: file.count,
    ...(file.runs === undefined ? {} : { runs: file.runs }),
  }
  if (file.accelerator === undefined) {
    return { ...common, engine: { kind: 'roofline', ...(file.roofline as Roofline) } }
  }
  const { accelerator, clockMhz, metric, dataflow, vectorUnit, sparsitySpeedup } = file
  const { schedule, deepestStack } = file
  return {
    ...common,
    engine: {
      kind: 'accelerator',
      accelerator,
      metric,
      dataflow,
      sparsitySpeedup,
      ...(clockMhz === undefined ? {} : { clockMhz }),
      ...(schedule === 'depth-first' ? { deepestStack } : {}),
      ...(vectorUnit === undefined ? {} : { vectorUnit }),
    },
  }
}

function toNetwork(
  file: ScenarioFile['networks'][number],
  scenario: ScenarioFile,
): ScenarioNetwork {
  const {
    name,
    model,
    bind,
    precision,
    assumeElementwise,
    sloMs,
    sloMultiplier,
    priority,
    trace,
    after,
  } = file
  return {
    name,
    model,
    bind,
    assumeElementwise,
    arrivals: arrivalsOf(file, scenario),
    sloMultiplier,
    priority,
    density: file.density ?? { mean: 1, spread: 0, samples: 1 },
    ...(trace === undefined ? {} : { trace }),
    ...(precision === undefined ? {} : { precision }),
    ...(sloMs === undefined ? {} : { sloMs }),
    ...(after === undefined ? {} : { after }),
  }
}

/** A follower comes as often as the network at the head of its chain. */
function arrivalsOf(file: ScenarioFile['networks'][number], scenario: ScenarioFile): Arrivals {
  let head = file
  while (head.after !== undefined) {
    const { network: leader } = head.after
    head = scenario.networks.find((each) => each.name === leader) as typeof file
  }
  const ratePerS = head.rate as number
  return head.arrivals === 'poisson'
    ? { kind: 'poisson', ratePerS }
    : { kind: 'periodic', ratePerS, jitterS: head.jitterMs / 1000 }
}
