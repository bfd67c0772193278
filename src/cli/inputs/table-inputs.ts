import { existsSync, readFileSync, statSync } from 'node:fs'
import { InputError, suggestName } from '../../base/index.js'
import { readAcceleratorCfg, readTableCfg } from '../../formats/cfg/index.js'
import { readSchedulingTable, readTableAccelerator } from '../../formats/index.js'
import type { LayerTable, TableAccelerator, Workload } from '../../model/index.js'
import { readInput } from '../../presets/index.js'
import { formOf, wrongForm } from './form-of.js'

/**
 * The accelerator behind `--accelerator`: a preset, a YAML file or a .cfg file.
 * @throws InputError
 */
export function readAcceleratorOption(value: string): TableAccelerator {
  const { file, text } = readInput(value, 'accelerators')
  const form = formOf(file, text)
  if (form === 'accelerator-cfg') return readAcceleratorCfg(text, file)
  if (form === 'table-accelerator') return readTableAccelerator(text, file)
  throw wrongForm(file, form, 'an accelerator of the scheduling-table model', ['table-accelerator'])
}

/**
 * The mapping behind `--mapping`: a YAML or .cfg file.
 * @throws InputError
 */
export function readTableOption(path: string): LayerTable {
  if (!existsSync(path) || statSync(path).isDirectory()) {
    throw new InputError({ code: 'E-IN-003', at: { file: path }, message: 'there is no such file' })
  }
  const text = readFileSync(path, 'utf8')
  const form = formOf(path, text)
  if (form === 'table-cfg') return readTableCfg(text, path)
  if (form === 'scheduling-table') return readSchedulingTable(text, path)
  throw wrongForm(path, form, 'a mapping', ['scheduling-table'])
}

/**
 * A layer by name (upper and lower case alike) or 1-based index.
 * @throws InputError naming the nearest layer
 */
export function findLayer(workload: Workload, wanted: string): number {
  const names = workload.layers.map((layer) => layer.name.toLowerCase())
  const byName = names.indexOf(wanted.toLowerCase())
  if (byName >= 0) return byName
  const index = /^\d+$/.test(wanted) ? Number(wanted) - 1 : -1
  if (index >= 0 && index < names.length) return index
  throw new InputError({
    code: 'E-MAP-002',
    message: `network "${workload.name}" has no layer "${wanted}"`,
    hint: /^\d+$/.test(wanted)
      ? `it has ${names.length} layers, counted from 1`
      : suggestName(wanted, names),
  })
}
