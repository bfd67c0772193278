import { readInput } from '../presets/index.js'
import type { ReproductionInputs } from '../reproduce/index.js'

/** Presets, read from the installed package. */
export const presetInputs: ReproductionInputs = {
  text: (category, name) => readInput(name, category).text,
}
