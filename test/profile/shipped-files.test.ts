import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  attention,
  cnn,
  onnxOf,
  prunedName,
  trainDense,
  trainPruned,
  type Recipe,
} from '../../scripts/traces/micro-recipes.js'
import { measureAttention, measureCnn, SAMPLES } from '../../scripts/traces/measure-micro.js'
import { calibratedAttention, calibratedCnn } from '../../scripts/traces/synthetic-recipes.js'
import { writeProfile } from '../../src/formats/profiles/index.js'
import { bytesSource, noExternalFiles, readOnnx, readTensor } from '../../src/formats/onnx/index.js'
import { quietRun, type NetworkProfile } from '../../src/model/index.js'
import type { MicroNetwork } from '../../src/profile/micro/index.js'

const presets = new URL('../../presets/', import.meta.url)
const shippedModel = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`networks/${name}.onnx`, presets)))

/** A shipped network as one to train: the weights of its file. */
function loaded<Sample>(recipe: Recipe<Sample>): MicroNetwork<Sample> {
  const network = recipe.make(0)
  const source = bytesSource(network.name, shippedModel(network.name))
  const { initializers } = readOnnx(source).graph
  for (const { name, value } of network.parameters) {
    const tensor = initializers.get(name)
    if (tensor === undefined) throw new Error(name)
    value.data.set(readTensor(source, noExternalFiles, tensor))
  }
  return network
}

describe('training repeats itself to the last bit', () => {
  const bytes = <Sample>(recipe: Recipe<Sample>): Uint8Array => {
    const network = trainDense(recipe, quietRun, 2)
    trainPruned(recipe, network, 'block', quietRun, 2)
    return onnxOf(recipe, network, 'network')
  }

  test('a few steps, dense and pruned, give the same file twice', () => {
    expect(bytes(cnn)).toEqual(bytes(cnn))
    expect(bytes(attention)).toEqual(bytes(attention))
  })

  test('and another file with other steps', () => {
    const network = trainDense(cnn, quietRun, 1)
    expect(onnxOf(cnn, network, 'network')).not.toEqual(bytes(cnn))
  })
})

describe('what is shipped is what the scripts write', () => {
  test('pruned while training from the shipped dense network, the CNN is the shipped pruned one', () => {
    const network = loaded(cnn)
    expect(onnxOf(cnn, network, network.name)).toEqual(shippedModel(network.name))
    trainPruned(cnn, network, 'filter', quietRun)
    const name = prunedName(cnn, network, 'filter')
    expect(onnxOf(cnn, network, name)).toEqual(shippedModel(name))
  }, 300_000)

  test('calibrated traces, of one CNN and of all attention networks', () => {
    const traces = {
      'calibrated-cnn': [calibratedCnn('mobilenet', 'block4')],
      'calibrated-attention': calibratedAttention(),
    }
    for (const [folder, profiles] of Object.entries(traces)) {
      for (const profile of profiles) {
        const file = new URL(`traces/${folder}/${profile.name}.csv.gz`, presets)
        expect(writeProfile(profile)).toBe(gunzipSync(readFileSync(file)).toString('utf8'))
      }
    }
  })

  // The first samples of both data sets, measured again on the shipped networks.
  const COUNT = 3
  const rowsOf = (csv: string): string[][] =>
    csv
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split(','))
  test.each([
    ['micro-cnn', '', measureCnn],
    ['micro-cnn', '_random60', measureCnn],
    ['micro-cnn', '_block60', measureCnn],
    ['micro-cnn', '_filter60', measureCnn],
    ['micro-attention', '', measureAttention],
    ['micro-attention', '_random20', measureAttention],
    ['micro-attention', '_block20', measureAttention],
    ['micro-attention', '_filter20', measureAttention],
  ] as const)('trace of %s%s', async (folder, pattern, measure) => {
    const name = `${folder}${pattern}`
    const file = new URL(`traces/${folder}/${name}.csv.gz`, presets)
    const shipped = gunzipSync(readFileSync(file)).toString('utf8')
    const profile: NetworkProfile = await measure(name, COUNT)
    const now = writeProfile(profile)
    const remarks = (csv: string): string[] =>
      csv.split('\n').filter((line) => /^# [^m]/.test(line))
    expect(remarks(now)).toEqual(remarks(shipped))
    const kept = rowsOf(shipped).filter(([sample]) => Number(sample) % SAMPLES < COUNT)
    const renumbered = rowsOf(now).map(([sample, ...rest]) => [
      String(Number(sample) < COUNT ? Number(sample) : Number(sample) - COUNT + SAMPLES),
      ...rest,
    ])
    expect(renumbered).toEqual(kept)
  })
})
