import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readHierarchicalAccelerator } from '../formats/index.js'
import { readProfile } from '../formats/profiles/index.js'
import { readInput, resolveInput } from '../presets/index.js'
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
  profiles: (preset) => {
    const folder = resolveInput(preset, 'traces')
    return readdirSync(folder)
      .filter((name) => name.endsWith('.csv.gz'))
      .sort()
      .map((name) =>
        readProfile(gunzipSync(readFileSync(join(folder, name))).toString('utf8'), name),
      )
  },
}
