import { readAcceleratorCfg } from '../../formats/cfg/index.js'
import { readHierarchicalAccelerator, readTableAccelerator } from '../../formats/index.js'
import type { AnyAccelerator } from '../../plan/index.js'
import { readInput } from '../../presets/index.js'
import { formOf } from './form-of.js'

/**
 * An accelerator of either cost model: a preset, a YAML file or a .cfg file.
 * @throws InputError
 */
export function readAnyAccelerator(value: string): AnyAccelerator {
  const { text, file } = readInput(value, 'accelerators')
  const form = formOf(file, text)
  if (form === 'hierarchical-accelerator') return readHierarchicalAccelerator(text, file)
  return form === 'accelerator-cfg'
    ? readAcceleratorCfg(text, file)
    : readTableAccelerator(text, file)
}
