import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { InputError } from '../base/index.js'
import { readAcceleratorCfg, readNetworkCfg, readTableCfg } from '../formats/cfg/index.js'
import {
  isServeCase,
  readHierarchicalAccelerator,
  readNetwork,
  readScenario,
  readSchedulingTable,
  readServeCase,
  readServing,
  readTableAccelerator,
  readTraceCsv,
  traceDialect,
} from '../formats/index.js'
import { readOnnx } from '../formats/onnx/index.js'
import { placeNetworkForms, readSoc } from '../formats/place/index.js'
import {
  readZigzagAccelerator,
  readZigzagMapping,
  readZigzagWorkload,
} from '../formats/zigzag/index.js'
import { openFileSource } from './file-source.js'
import { formOf } from './inputs/form-of.js'

/** One input form that `heddle validate` knows. */
interface InputForm {
  readonly kind: string
  /** Whether a file looks like this form, by extension and the beginning of its text. */
  recognises(name: string, text: string): boolean
  /** Reads the whole file; throws InputError with every problem. */
  read(text: string, file: string): void
}

/** Forms in the order in which they are tried; the first that recognises a file reads it. */
const forms: readonly InputForm[] = [
  ...(
    [
      ['scenario', readScenario],
      ['serving', readServing],
      ['hierarchical-accelerator', readHierarchicalAccelerator],
      ['network', readNetwork],
      ['table-accelerator', readTableAccelerator],
      ['scheduling-table', readSchedulingTable],
    ] as const
  ).map(([kind, read]): InputForm => ({
    kind,
    recognises: (name, text) => isYamlKind(name, text, kind),
    read: (text, file) => read(text, file),
  })),
  ...(
    [
      ['accelerator-cfg', readAcceleratorCfg],
      ['network-cfg', readNetworkCfg],
      ['table-cfg', readTableCfg],
    ] as const
  ).map(([kind, read]): InputForm => ({
    kind,
    recognises: (name, text) => formOf(name, text) === kind,
    read: (text, file) => read(text, file),
  })),
  ...(
    [
      ['zigzag-accelerator', readZigzagAccelerator],
      ['zigzag-mapping', readZigzagMapping],
      ['zigzag-workload', readZigzagWorkload],
    ] as const
  ).map(([kind, read]): InputForm => ({
    kind,
    recognises: (name, text) => /\.ya?ml$/.test(name) && formOf(name, text) === kind,
    read: (text, file) => read(text, file),
  })),
  {
    kind: 'soc',
    recognises: (name, text) => isYamlKind(name, text, 'soc'),
    read: readSoc,
  },
  {
    kind: 'trace',
    recognises: (name, text) => name.endsWith('.csv') && traceDialect(text) !== undefined,
    read: readTraceCsv,
  },
  {
    kind: 'serve-case',
    recognises: (name, text) => name.endsWith('.json') && isServeCase(text),
    read: readServeCase,
  },
  ...placeNetworkForms.map((form): InputForm => ({
    kind: form.form,
    recognises: (name, text) => form.recognises(name, text),
    read: (text, file) => form.read(text, file),
  })),
]

/** Whether a YAML or JSON file says `kind: …` of that value. */
function isYamlKind(name: string, text: string, kind: string): boolean {
  return (
    /\.(ya?ml|json)$/.test(name) &&
    new RegExp(`^["\\s]*kind["\\s]*:\\s*"?${kind}\\b`, 'm').test(text)
  )
}

/**
 * Reads a file of any known form and returns which one it is.
 * @throws InputError when the file is missing, unrecognised or has problems
 */
export function readAnyInput(file: string): string {
  if (!existsSync(file)) {
    throw new InputError({ code: 'E-IN-003', at: { file }, message: 'there is no such file' })
  }
  if (statSync(file).isDirectory()) {
    throw new InputError({
      code: 'E-IN-002',
      at: { file },
      message: 'this is a folder, expected a file',
    })
  }
  if (file.toLowerCase().endsWith('.onnx')) {
    const source = openFileSource(file)
    try {
      readOnnx(source)
    } finally {
      source.close()
    }
    return 'onnx'
  }
  const text = readFileSync(file, 'utf8')
  const form = forms.find((each) => each.recognises(basename(file).toLowerCase(), text))
  if (form === undefined) {
    throw new InputError({
      code: 'E-IN-004',
      at: { file },
      message: 'this is none of the input forms that Heddle reads',
      hint: `known forms: onnx, ${forms.map((each) => each.kind).join(', ')}`,
    })
  }
  form.read(text, file)
  return form.kind
}
