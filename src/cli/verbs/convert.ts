import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { InputError, suggestName } from '../../base/index.js'
import {
  readAcceleratorCfg,
  readNetworkCfg,
  readTableCfg,
  writeAcceleratorCfg,
  writeNetworkCfg,
  writeTableCfg,
} from '../../formats/cfg/index.js'
import {
  readNetwork,
  readSchedulingTable,
  readTableAccelerator,
  writeNetwork,
  writeSchedulingTable,
  writeTableAccelerator,
} from '../../formats/index.js'
import { resolveInput } from '../../presets/index.js'
import { formOf, type TableForm } from '../inputs/form-of.js'
import { readAcceleratorOption } from '../inputs/table-inputs.js'
import type { Verb } from '../verb.js'
import { writeFiles } from '../write-files.js'

interface ConvertOptions {
  readonly to?: string
  readonly accelerator?: string
  readonly output?: string
}

/** The form that each form is converted into. */
const OTHER: Readonly<Record<TableForm, TableForm>> = {
  'accelerator-cfg': 'table-accelerator',
  'network-cfg': 'network',
  'table-cfg': 'scheduling-table',
  'table-accelerator': 'accelerator-cfg',
  network: 'network-cfg',
  'scheduling-table': 'table-cfg',
}

/** `heddle convert FILE` */
export const convert: Verb = {
  out: 'file',
  computes: false,
  configure(command) {
    command
      .argument('<file>', 'accelerator, network or mapping: YAML, .cfg, or a preset’s name')
      .option('--to <form>', 'yaml or cfg (default: the one that it is not)')
      .option('--accelerator <a>', 'needed to write a mapping with a dataflow as .cfg')
      .option('--output <file>', 'write there instead of printing it')
      .addHelpText(
        'after',
        '\nExamples:\n  heddle convert eyeriss --to cfg > eyeriss.cfg\n  heddle convert network.cfg --output network.yaml',
      )
  },
  async run(_session, raw, [given]) {
    const options = raw as ConvertOptions
    const path = inputPath(given)
    const text = readFileSync(path, 'utf8')
    const form = formOf(path, text)
    if (form === undefined || !(form in OTHER)) {
      throw new InputError({
        code: 'E-CNV-001',
        at: { file: path },
        message: form
          ? `a "${form}" file has no other form`
          : 'this is none of the forms that can be converted',
        hint: `convertible: ${Object.keys(OTHER).join(', ')}`,
      })
    }
    const from = form as TableForm
    const to = target(from, options.to)
    const converted = from === to ? text : conversion(from, text, path, options.accelerator)
    if (options.output !== undefined) {
      writeFiles(dirname(options.output), new Map([[basename(options.output), converted]]))
    }
    return {
      json: { from, to, text: converted },
      text:
        options.output === undefined
          ? converted.replace(/\n$/, '')
          : `${path} (${from}) → ${options.output} (${to})`,
      file: () => converted,
    }
  },
}

function inputPath(given: string): string {
  if (existsSync(given) && !statSync(given).isDirectory()) return given
  for (const category of ['accelerators', 'networks'] as const) {
    try {
      return resolveInput(given, category)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
    }
  }
  throw new InputError({
    code: 'E-IN-003',
    at: { file: given },
    message: 'there is no such file, nor an accelerator or network preset of that name',
  })
}

function target(from: TableForm, wanted: string | undefined): TableForm {
  if (wanted === undefined) return OTHER[from]
  if (wanted !== 'yaml' && wanted !== 'cfg') {
    throw new InputError({
      code: 'E-CLI-006',
      message: `unknown --to "${wanted}"`,
      hint: suggestName(wanted, ['yaml', 'cfg']),
    })
  }
  return from.endsWith('-cfg') === (wanted === 'cfg') ? from : OTHER[from]
}

function conversion(
  from: TableForm,
  text: string,
  file: string,
  accelerator: string | undefined,
): string {
  switch (from) {
    case 'accelerator-cfg':
      return writeTableAccelerator(readAcceleratorCfg(text, file))
    case 'table-accelerator':
      return writeAcceleratorCfg(readTableAccelerator(text, file))
    case 'network-cfg':
      return writeNetwork(readNetworkCfg(text, file))
    case 'network':
      return writeNetworkCfg(readNetwork(text, file), file)
    case 'table-cfg':
      return writeSchedulingTable(readTableCfg(text, file))
    case 'scheduling-table': {
      const table = readSchedulingTable(text, file)
      if (table.dataflow !== undefined && accelerator === undefined) {
        throw new InputError({
          code: 'E-CNV-002',
          at: { file },
          message: 'a .cfg mapping has no place for a dataflow, which this one names',
          hint: 'name the accelerator with --accelerator, so that its own dataflow can be compared',
        })
      }
      return writeTableCfg(
        table,
        accelerator === undefined ? undefined : readAcceleratorOption(accelerator),
        file,
      )
    }
  }
}
