import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readScenario, readTableAccelerator, readTraceCsv } from '../../src/formats/index.js'
import {
  bytesSource,
  defaultPrecision,
  importNetwork,
  readOnnx,
} from '../../src/formats/onnx/index.js'
import { createTrace, quietRun, type Network, type Trace } from '../../src/model/index.js'
import { matchTrace, runPlan, steps, type StepRunner } from '../../src/plan/index.js'

const preset = (path: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../presets/${path}`, import.meta.url)))

const network: Network = importNetwork(
  readOnnx(bytesSource('micro-cnn.onnx', preset('networks/micro-cnn.onnx'))),
  'micro-cnn.onnx',
  { bindings: {}, assumeElementwise: [], precision: defaultPrecision },
)
const trace: Trace = readTraceCsv(
  gunzipSync(preset('traces/micro-cnn/micro-cnn.csv.gz')).toString('utf8'),
  'micro-cnn.csv.gz',
)
const accelerator = readTableAccelerator(
  preset('accelerators/acc-2lv.yaml').toString('utf8'),
  'acc-2lv.yaml',
)
const runner: StepRunner = {
  run: (step, inputs) => Promise.resolve(inputs.map((input) => steps[step](input, quietRun))),
}

function plan(sparsitySpeedup: number) {
  const scenario = readScenario(
    `kind: scenario
name: traced
chip:
  name: chip
  cores:
    - name: npu
      accelerator: acc-2lv
      sparsitySpeedup: ${sparsitySpeedup}
      vectorUnit: { gopsPerS: 1, gbytesPerS: 1 }
networks:
  - { name: shapes, model: micro-cnn, trace: micro-cnn, rate: 5, arrivals: periodic, sloMs: 1000 }
serve: { policies: [fcfs], seconds: 100, seeds: 1 }`,
    'traced.yaml',
  )
  return runPlan(
    {
      scenario,
      networks: [
        {
          settings: scenario.networks[0],
          network,
          frequency: 1,
          trace: matchTrace(trace, network, 'micro-cnn'),
        },
      ],
      cores: [{ core: scenario.chip.cores[0], accelerator }],
      seed: 1,
      placePolicy: 'auto',
    },
    runner,
    () => undefined,
  )
}

describe('traces as densities of a scenario', () => {
  test('a profile names its layers and says where its zeros come from', () => {
    expect(trace.layerNames).toEqual(['conv0', 'conv1', 'conv2', 'conv3', 'conv4', 'head'])
    expect(trace.provenance).toBe('measured-micro')
  })

  test('every layer is as fast as its own measured density allows', async () => {
    const [dense, sparse] = [await plan(0), await plan(0.5)]
    const { layerCount, sampleCount, sparsity } = trace
    trace.layerNames?.forEach((name, layer) => {
      let zeros = 0
      for (let s = 0; s < sampleCount; s++) zeros += sparsity[s * layerCount + layer] / sampleCount
      const time = (result: typeof dense): number => {
        const each = result.networks[0].operations.find((op) => op.name === name)
        if (each === undefined) throw new Error(`${name} is missing`)
        return each.endUs - each.startUs
      }
      expect(time(sparse) / time(dense)).toBeCloseTo(1 - 0.5 * zeros, 9)
    })
    expect(sparse.networks[0].densities).toBe(
      'densities of 6 layers in 200 samples are those of trace micro-cnn (measured-micro)',
    )
  })

  test('the served samples are those of the trace', async () => {
    const { networks, best, runs } = await plan(0.5)
    const placedMs = networks[0].makespanUs / 1000
    expect(best.meanLatencyMs / placedMs).toBeCloseTo(1, 1)
    expect(best.meanLatencyMs).not.toBe(placedMs)
    expect(runs[0].requests).toBe(500)
  })
})

describe('finding the layers of a trace', () => {
  const plain = (layerCount: number, layerNames?: readonly string[]): Trace =>
    createTrace({
      name: 't',
      sampleCount: 1,
      layerCount,
      latencyS: new Float64Array(layerCount),
      sparsity: new Float64Array(layerCount),
      ...(layerNames === undefined ? {} : { layerNames }),
    })

  test('in order, where the names say nothing', () => {
    const { layerOfNode } = matchTrace(plain(6, ['a', 'b', 'c', 'd', 'e', 'f']), network, 't.csv')
    expect([...layerOfNode].map(([node]) => network.nodes[node].name)).toEqual(trace.layerNames)
  })

  test('another number of layers is an error that says both', () => {
    expect(() => matchTrace(plain(5), network, 't.csv')).toThrow(
      'trace "t" has 5 layers, but network "micro-cnn" has 6 convolutions and matrix products',
    )
  })

  test('a name that the network does not have is an error with the nearest one', () => {
    expect(() => matchTrace(plain(2, ['conv0', 'conv9']), network, 't.csv')).toThrow(
      'layer "conv9" of trace "t" is no node of network "micro-cnn"',
    )
  })
})
