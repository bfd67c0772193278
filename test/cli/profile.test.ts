import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readProfile } from '../../src/formats/profiles/index.js'
import { writeOnnx } from '../../src/formats/onnx/index.js'
import { profileResult } from '../../src/formats/results/profile.js'
import { pruneResult } from '../../src/formats/results/prune.js'
import { writeNpy } from '../../src/formats/tensors/index.js'
import { attentionNet, convNet } from '../profile/draft-models.js'
import { runHeddle } from './run-heddle.js'

const images = new URL('../../examples/shapes', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'heddle-profile-'))
const path = (...parts: string[]): string => join(folder, ...parts)

/** A folder that does not exist, or holds nothing but a journal. */
function holdsNothing(out: string): boolean {
  return !existsSync(out) || readdirSync(out).every((name) => name.startsWith('.'))
}

beforeAll(() => {
  writeFileSync(path('conv.onnx'), writeOnnx(convNet()))
  const data = Float32Array.from({ length: 4 * 3 * 17 * 15 }, (_, i) => Math.sin(i))
  writeFileSync(path('conv.npy'), writeNpy([4, 3, 17, 15], data))
})

describe('from an ONNX file and a folder of images to a serve experiment', () => {
  test('three commands', () => {
    const pruned = runHeddle([
      'prune',
      'micro-cnn',
      '--pattern',
      'filter',
      '--sparsity',
      '0.5',
      '--out',
      path('models'),
      '--json',
    ])
    expect(pruned.stderr).not.toContain('error')
    expect(pruned.status).toBe(0)
    const prunedJson = pruneResult.parse(JSON.parse(pruned.stdout))
    expect(prunedJson.file).toBe('micro-cnn_filter50.onnx')
    for (const layer of prunedJson.layers) expect(layer.zerosAfter).toBeCloseTo(0.5, 1)

    const profiled = runHeddle([
      'profile',
      path('models', 'micro-cnn_filter50.onnx'),
      '--inputs',
      images,
      '--normalize',
      'unit',
      '--out',
      path('traces'),
      '--json',
    ])
    expect(profiled.status).toBe(0)
    const result = profileResult.parse(JSON.parse(profiled.stdout))
    expect(result.samples).toBe(32)
    expect(result.layers.map((layer) => layer.operator)).toEqual([
      ...new Array<string>(5).fill('conv'),
      'linear',
    ])
    expect(result.layers[1].weightPattern).toBe('filter')
    expect(result.skipped).toEqual([])
    expect(readdirSync(path('traces')).sort()).toEqual([
      'figures',
      'micro-cnn_filter50.csv',
      'report.html',
    ])
    const trace = readProfile(
      readFileSync(path('traces', 'micro-cnn_filter50.csv'), 'utf8'),
      'trace',
    )
    expect(trace.provenance).toBe('measured')
    // What channel pruning would leave is recorded for pruned layers, and compared in the report.
    expect(result.pruning.map((row) => row.name)).toEqual(['conv1', 'conv2', 'conv3', 'conv4'])
    for (const { weightDensity, measured, channel } of result.pruning) {
      expect(weightDensity).toBeCloseTo(0.5, 1)
      expect(channel.mean).toBeGreaterThan(0.5 * measured.mean)
      expect(channel.mean).toBeLessThan(2 * measured.mean)
    }
    const recorded = trace.samples[0].layers.map((layer) => layer.channelPrunedMacs !== undefined)
    expect(recorded).toEqual([false, true, true, true, true, false])
    for (const figure of ['layer-sparsity', 'layer-correlation', 'latency', 'pruning']) {
      const file = path('traces', 'figures', `micro-cnn_filter50-${figure}.svg`)
      expect(readFileSync(file, 'utf8')).toContain('Provenance: measured.')
    }
    expect(new Set(trace.samples.map((sample) => sample.dataset))).toEqual(
      new Set(['bright', 'dark']),
    )

    const served = runHeddle([
      'serve',
      '--traces',
      path('traces'),
      '--arrivals',
      'poisson',
      '--rate',
      '200',
      '--requests',
      '50',
      '--seeds',
      '1..1',
      '--policy',
      'fcfs,dysta',
      '--json',
    ])
    expect(served.stderr).not.toContain('error')
    expect(served.status).toBe(0)
    const answer = z
      .object({ results: z.array(z.object({ policy: z.string(), antt: z.number() })) })
      .parse(JSON.parse(served.stdout))
    expect(answer.results.map((each) => each.policy).sort()).toEqual(['dysta', 'fcfs'])
  })

  test('both runtimes write the same rows', () => {
    const rows = (runtime: string): string => {
      const out = path(`rows-${runtime}`)
      const run = runHeddle([
        'profile',
        path('conv.onnx'),
        '--inputs',
        path('conv.npy'),
        '--runtime',
        runtime,
        '--out',
        out,
      ])
      expect(run.status).toBe(0)
      return readFileSync(join(out, 'conv.csv'), 'utf8').replaceAll(/^#.*\n/gm, '')
    }
    expect(rows('builtin')).toBe(rows('onnxruntime'))
  })

  test('an interrupted run goes on where it stopped', () => {
    const out = path('resumed')
    const command = [
      'profile',
      path('conv.onnx'),
      '--inputs',
      path('conv.npy'),
      '--runtime',
      'builtin',
      '--out',
      out,
      '--json',
    ]
    expect(runHeddle(command).status).toBe(0)
    const complete = readFileSync(join(out, 'conv.csv'), 'utf8')
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([])
    // A broken input at sample 2 stops the run after two samples.
    const data = Float32Array.from({ length: 4 * 3 * 17 * 15 }, (_, i) => Math.sin(i))
    const broken = data.slice()
    broken[2 * 3 * 17 * 15] = Number.NaN
    const again = path('again')
    const other = [
      ...command.slice(0, 3),
      path('again.npy'),
      ...command.slice(4, -2),
      again,
      '--json',
    ]
    writeFileSync(path('again.npy'), writeNpy([4, 3, 17, 15], broken))
    const stopped = runHeddle(other)
    expect(stopped.status).toBe(2)
    expect(stopped.stderr).toContain('in sample 2: element 0 is NaN')
    expect(holdsNothing(again)).toBe(true)
    writeFileSync(path('again.npy'), writeNpy([4, 3, 17, 15], data))
    const resumed = runHeddle(other)
    expect(resumed.status).toBe(0)
    expect(profileResult.parse(JSON.parse(resumed.stdout)).resumedSamples).toBe(2)
    const rows = (text: string): string =>
      text.replaceAll(/^#.*\n/gm, '').replaceAll(/again|conv/g, 'set')
    expect(rows(readFileSync(join(again, 'conv.csv'), 'utf8'))).toBe(rows(complete))
  })
})

describe('any accelerator of map times the layers', () => {
  const profileOn = (accelerator: string, ...rest: string[]): ReturnType<typeof runHeddle> =>
    runHeddle([
      'profile',
      'micro-cnn',
      '--inputs',
      images,
      '--normalize',
      'unit',
      '--samples',
      '2',
      '--runtime',
      'builtin',
      '--accelerator',
      accelerator,
      '--json',
      ...rest,
    ])
  const cyclesOfMap = (accelerator: string): number => {
    const run = runHeddle([
      'map',
      '--accelerator',
      accelerator,
      '--network',
      'micro-cnn',
      '--metric',
      'cycles',
      '--json',
    ])
    const layer = z.object({ name: z.string(), latencyCycles: z.number() })
    const { layers } = z.object({ layers: z.array(layer) }).parse(JSON.parse(run.stdout))
    // Pooling multiplies nothing with weights: no layer of a profile.
    const measured = layers.filter((each) => each.name !== 'pool')
    return measured.reduce((sum, each) => sum + each.latencyCycles, 0)
  }

  test.each([
    ['acc-1lv', []],
    ['edge-tpu-like-df', ['--clock-mhz', '200']],
  ])('%s: dense cycles are those of map, zeros shorten them', (accelerator, rest) => {
    const out = path(`mapped-${accelerator}`)
    const run = profileOn(accelerator, '--out', out, ...rest)
    expect(run.stderr).not.toContain('error')
    expect(run.status).toBe(0)
    const result = profileResult.parse(JSON.parse(run.stdout))
    expect(result.accelerator).toBe(`${accelerator}+ideal-density-1`)
    const dense = cyclesOfMap(accelerator)
    const trace = readFileSync(join(out, 'micro-cnn.csv'), 'utf8')
    expect(trace).toContain(`mapped for cycles: ${dense} dense`)
    const cycles = result.layers.reduce((sum, layer) => sum + layer.cycles, 0)
    expect(cycles).toBeLessThan(dense)
    expect(cycles).toBeGreaterThan(0.2 * dense)
    expect(result.latencyS.mean).toBeCloseTo(cycles / 200e6, 12)
  })

  test('a clock must be known, and a layer must fit', () => {
    const clockless = profileOn('edge-tpu-like-df')
    expect(clockless.status).toBe(2)
    expect(clockless.stderr).toContain('give --clock-mhz')
    const preset = readFileSync(
      new URL('../../presets/accelerators/acc-1lv.yaml', import.meta.url),
      'utf8',
    )
    writeFileSync(path('tiny.yaml'), preset.replace('sizeBytes: 256', 'sizeBytes: 4'))
    const tiny = profileOn(path('tiny.yaml'))
    expect(tiny.status).toBe(3)
    expect(tiny.stdout).toBe('')
  })
})

describe('what cannot be profiled is said, and nothing is half-written', () => {
  const refuse = (model: string, inputs: string, ...rest: string[]): string => {
    const out = path(`refused-${Math.abs(hash(model + inputs + rest.join(' ')))}`)
    const run = runHeddle(['profile', model, '--inputs', inputs, '--out', out, ...rest])
    expect(run.status).toBe(2)
    expect(run.stdout).toBe('')
    expect(run.stderr).not.toMatch(/\n\s+at /)
    expect(holdsNothing(out)).toBe(true)
    return run.stderr
  }

  test('a model that is cut short, missing, or no model', () => {
    const bytes = writeOnnx(convNet())
    writeFileSync(path('cut.onnx'), bytes.subarray(0, 700))
    writeFileSync(path('page.onnx'), '<!doctype html><html>not found</html>')
    expect(refuse(path('cut.onnx'), path('conv.npy'))).toContain('not a readable ONNX model')
    expect(refuse(path('page.onnx'), path('conv.npy'))).toContain('not a readable ONNX model')
    expect(refuse(path('none.onnx'), path('conv.npy'))).toContain('no file and no preset')
  })

  test('weights in a file that is missing', () => {
    const draft = convNet()
    const [first, ...others] = draft.initializers ?? []
    const external = { location: 'conv.weights', offset: 0, byteLength: 4 * 216 }
    writeFileSync(
      path('external.onnx'),
      writeOnnx({ ...draft, initializers: [{ ...first, external }, ...others] }),
    )
    const message = refuse(path('external.onnx'), path('conv.npy'))
    expect(message).toContain(
      'the weights of "w0" are in the file "conv.weights", which is missing',
    )
    // With the file beside it the same model runs.
    writeFileSync(path('conv.weights'), new Uint8Array(Float32Array.from(first.values).buffer))
    const run = runHeddle([
      'profile',
      path('external.onnx'),
      '--inputs',
      path('conv.npy'),
      '--json',
    ])
    expect(run.status).toBe(0)
  })

  test('inputs of the wrong shape, or none', () => {
    writeFileSync(path('wrong.npy'), writeNpy([4, 3, 17, 16], new Float32Array(4 * 3 * 17 * 16)))
    expect(refuse(path('conv.onnx'), path('wrong.npy'))).toContain(
      'one sample for "x" is [1, 3, 17, 16], the model expects [batch, 3, 17, 15]',
    )
    mkdirSync(path('empty'), { recursive: true })
    expect(refuse(path('conv.onnx'), path('empty'))).toContain('no PNG or JPEG image')
    writeFileSync(path('bad.npy'), 'not an array')
    expect(refuse(path('conv.onnx'), path('bad.npy'))).toContain('not a NumPy array')
    mkdirSync(path('pictures'), { recursive: true })
    writeFileSync(path('pictures', 'a.png'), 'not a picture')
    expect(refuse(path('conv.onnx'), path('pictures'))).toContain('neither a PNG nor a JPEG')
    writeFileSync(path('attention.onnx'), writeOnnx(attentionNet()))
    expect(refuse(path('attention.onnx'), path('conv.npy'))).toContain('the model has 2 inputs')
  })

  test('names that do not exist', () => {
    expect(refuse(path('conv.onnx'), path('conv.npy'), '--accelerator', 'eyeris-v2')).toContain(
      'did you mean "eyeriss-v2"?',
    )
    expect(refuse(path('conv.onnx'), path('conv.npy'), '--runtime', 'onnx')).toContain('E-PRF-007')
  })

  test('operators that are not measured are listed', () => {
    const draft = convNet()
    writeFileSync(
      path('odd.onnx'),
      writeOnnx({
        ...draft,
        nodes: [
          ...draft.nodes,
          { name: 'up', opType: 'ConvTranspose', inputs: ['e', 'w4'], outputs: ['z'] },
        ],
        initializers: [
          ...(draft.initializers ?? []),
          { name: 'w4', elementType: 'float', dims: [8, 1, 2, 2], values: new Float32Array(32) },
        ],
      }),
    )
    const run = runHeddle(['profile', path('odd.onnx'), '--inputs', path('conv.npy'), '--json'])
    expect(run.status).toBe(0)
    const { skipped } = profileResult.parse(JSON.parse(run.stdout))
    expect(skipped).toEqual([
      { operator: 'ConvTranspose', nodes: ['up'], reason: 'this operator is not measured' },
    ])
  })
})

function hash(text: string): number {
  let h = 0
  for (const char of text) h = Math.imul(31, h) + char.charCodeAt(0)
  return h
}
