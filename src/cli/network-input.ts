import type { Command } from 'commander'
import { basename, extname } from 'node:path'
import { InputError } from '../base/index.js'
import { readNetworkCfg, type GroupedChannels } from '../formats/cfg/index.js'
import { readNetwork } from '../formats/index.js'
import { readZigzagWorkload, type ZigzagNetwork } from '../formats/zigzag/index.js'
import {
  defaultPrecision,
  importNetwork,
  readOnnx,
  type ImportPrecision,
} from '../formats/onnx/index.js'
import { networkWorkload, type Network, type Workload } from '../model/index.js'
import { inputLabel, readInput, resolveInput } from '../presets/index.js'
import { openFileSource } from './file-source.js'
import { formOf, wrongForm } from './inputs/form-of.js'
import { collect, namedSizes, numberList } from './options.js'

/** How a model file is to be read; only ONNX needs it. */
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
      'size of a symbolic dimension of an ONNX model; repeatable',
      namedSizes,
    )
    .option(
      '--assume-elementwise <op>',
      'treat an unknown ONNX operator as elementwise; repeatable',
      collect,
    )
    .option(
      '--precision <bits>',
      'bits of activations[,weights[,partial sums]] of an ONNX model (default: 8,8,16)',
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
    return importNetwork(readOnnx(source), source.name, {
      bindings: settings.bind ?? {},
      assumeElementwise: settings.assumeElementwise ?? [],
      precision: precisionOf(settings.precision),
    })
  } finally {
    source.close()
  }
}

/**
 * The network behind an option's value as a workload: an ONNX file, Heddle YAML, a .cfg file, or a preset's name.
 * @param channels how K and C of grouped layers of a .cfg file are meant
 * @throws InputError
 */
export function readWorkload(
  value: string,
  settings: ImportSettings = {},
  channels: GroupedChannels = 'total',
): Workload {
  const path = resolveInput(value, 'networks')
  if (extname(path).toLowerCase() === '.onnx') {
    return networkWorkload(readOnnxNetwork(path, settings))
  }
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
