import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { InputError } from '../base/index.js'
import { readHierarchicalAccelerator } from '../formats/index.js'
import { readProfile } from '../formats/profiles/index.js'
import type { Trace } from '../model/index.js'
import { readInput, resolveInput } from '../presets/index.js'
import type { ReproductionInputs } from '../reproduce/index.js'
import { readWorkload } from './network-input.js'
import { readPlaceInput } from './place/read-place-input.js'
import { readCsvTraces } from './serve/read-traces.js'

/** Presets, read from the installed package; a user's own trace folders take the place of the synthetic ones. */
export function reproductionInputs(traceFolders?: string): ReproductionInputs {
  const own = traceFolders?.split(',').map((folder) => folder.trim()) ?? []
  return {
    hierarchicalAccelerator: (name) => {
      const { text, file } = readInput(name, 'accelerators')
      return readHierarchicalAccelerator(text, file)
    },
    network: (name) => readWorkload(name),
    placeInput: readPlaceInput,
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
    traces(platform) {
      for (const folder of own) {
        const traces = readCsvTraces(folder, {})
        if (isPlatform(traces, platform)) return { traces, source: folder }
      }
      const source = `synthetic-${platform}`
      return { traces: readCsvTraces(source, {}), source }
    },
  }
}

/** The shipped presets alone. */
export const presetInputs = reproductionInputs()

/** CNN traces name the network that several sparsity patterns share; attention traces have no patterns. */
function isPlatform(traces: readonly Trace[], platform: 'attention' | 'cnn'): boolean {
  const pooled = traces.filter((trace) => trace.network !== undefined).length
  if (pooled > 0 && pooled < traces.length) {
    throw new InputError({
      code: 'E-REP-003',
      message: 'a trace folder mixes attention and CNN traces',
      hint: 'give one folder per platform, joined by a comma',
    })
  }
  return pooled > 0 === (platform === 'cnn')
}
