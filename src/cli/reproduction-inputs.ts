import { readHierarchicalAccelerator } from '../formats/index.js'
import { readInput } from '../presets/index.js'
import type { ReproductionInputs } from '../reproduce/index.js'
import { readWorkload } from './network-input.js'

/** Presets, read from the installed package. */
export const presetInputs: ReproductionInputs = {
  hierarchicalAccelerator: (name) => {
    const { text, file } = readInput(name, 'accelerators')
    return readHierarchicalAccelerator(text, file)
  },
  network: (name) => readWorkload(name),
  text: (category, name) => readInput(name, category).text,
}
