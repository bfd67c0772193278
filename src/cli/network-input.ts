import type { Command } from 'commander'
import { basename, extname } from 'node:path'
import { InputError } from '../base/index.js'
import { readNetworkCfg, type GroupedChannels } from '../formats/cfg/index.js'
import { readNetwork } from '../formats/index.js'
import { importKeras } from '../formats/keras/index.js'
import { readZigzagWorkload, type ZigzagNetwork } from '../formats/zigzag/index.js'
import {
  defaultPrecision,
  importNetwork,
  readOnnx,
  type ImportOptions,
  type ImportPrecision,
} from '../formats/onnx/index.js'
import { networkWorkload, type Network, type Workload } from '../model/index.js'
import { inputLabel, readInput, resolveInput } from '../presets/index.js'
import { openFileSource } from './file-source.js'
import { formOf, wrongForm } from './inputs/form-of.js'
import { collect, distinct, namedSizes, numberList } from './options.js'

/** How a model file (ONNX, Keras) is to be read. */
export interface ImportSettings {
  readonly bind?: Readonly<Record<string, number>>
  readonly assumeElementwise?: readonly string[]
  /** Bits of activations, weights, partial sums. */
  readonly precision?: readonly number[]
}

/** Adds the options that reading an ONNX file may need. */
export function addImportOptions(command: Command): void {
  command
    .option(
      '--bind <name=size>',
      'size of a dimension that a model leaves open; repeatable',
      namedSizes,
    )
    .option(
      '--assume-elementwise <op>',
      'treat an unknown operator or layer as elementwise; repeatable',
      distinct(collect),
    )
    .option(
      '--precision <bits>',
      'bits of activations[,weights[,partial sums]] of a model file (default: 8,8,16)',
      numberList,
    )
}

/**
 * Reads an ONNX file with its graph, shapes and loop nests; weights are not loaded and may be missing.
 * @throws InputError
 */
export function readOnnxNetwork(path: string, settings: ImportSettings): Network {
  const source = openFileSource(path, inputLabel(path))
  try {
    return importNetwork(readOnnx(source), source.name, importOptions(settings))
  } finally {
    source.close()
  }
}

/**
 * The network of a model file, node by node: an ONNX graph, or the JSON of a Keras model. Undefined for all other forms,
 * which list loop nests.
 * @param value path, or a preset's name
 * @throws InputError
 */
export function readModelNetwork(value: string, settings: ImportSettings): Network | undefined {
  const path = resolveInput(value, 'networks')
  if (extname(path).toLowerCase() === '.onnx') return readOnnxNetwork(path, settings)
  const { text, file } = readInput(value, 'networks')
  return formOf(file, text) === 'keras'
    ? importKeras(text, file, importOptions(settings))
    : undefined
}

/**
 * The network behind an option's value as a workload: an ONNX or Keras model, Heddle YAML, a .cfg file, or a
 * preset's name.
 * @param channels how K and C of grouped layers of a .cfg file are meant
 * @throws InputError
 */
export function readWorkload(
  value: string,
  settings: ImportSettings = {},
  channels: GroupedChannels = 'total',
): Workload {
  const workload = readForm(value, settings, channels)
  checkSizes(workload)
  return workload
}

/** Loop bounds are 32-bit whole numbers everywhere below. */
const LARGEST_LOOP = 2 ** 31 - 1

function checkSizes({ layers }: Workload): void {
  const problems = layers.flatMap(({ name, dims }) =>
    Object.entries(dims)
      .filter(([, size]) => size > LARGEST_LOOP)
      .map(([dim, size]) => ({
        code: 'E-CLI-008',
        message: `layer "${name}" has ${dim} = ${size}, a loop has at most ${LARGEST_LOOP} iterations`,
      })),
  )
  if (problems.length > 0) throw new InputError(problems)
}

function readForm(value: string, settings: ImportSettings, channels: GroupedChannels): Workload {
  const network = readModelNetwork(value, settings)
  if (network !== undefined) return networkWorkload(network)
  const { text, file } = readInput(value, 'networks')
  const form = formOf(file, text)
  if (form === 'network-cfg') return readNetworkCfg(text, file, channels)
  if (form === 'network') return readNetwork(text, file)
  if (form === 'zigzag-workload') return readZigzagNetwork(text, file).workload
  throw wrongForm(file, form, 'a network', ['network'])
}

/** A workload file of ZigZag's, named like the file. */
export function readZigzagNetwork(text: string, file: string): ZigzagNetwork {
  return readZigzagWorkload(text, file, basename(file).replace(/\.ya?ml$/i, ''))
}

function importOptions(settings: ImportSettings): ImportOptions {
  return {
    bindings: settings.bind ?? {},
    assumeElementwise: settings.assumeElementwise ?? [],
    precision: precisionOf(settings.precision),
  }
}

function precisionOf(bits: readonly number[] | undefined): ImportPrecision {
  if (bits === undefined) return defaultPrecision
  if (bits.length > 3 || bits.some((each) => !(each > 0))) {
    throw new InputError({
      code: 'E-CLI-005',
      message: `--precision takes up to three numbers of bits above 0, found ${bits.join(',')}`,
      hint: 'activations[,weights[,partial sums]], e.g. --precision 8,4,24',
    })
  }
  const [activationBits, weightBits = activationBits, accumulatorBits = 2 * activationBits] = bits
  return { activationBits, weightBits, accumulatorBits }
}
