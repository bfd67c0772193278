import { InputError, suggestName } from '../../base/index.js'
import { sparseAccelerators, type LatencyModel } from '../../profile/index.js'
import type { AnyAccelerator } from '../../plan/index.js'
import { listPresets } from '../../presets/index.js'
import { readAnyAccelerator } from '../inputs/any-accelerator.js'

/** What times the layers: a latency model, or an accelerator of `map` on which each layer is first mapped. */
export type ChosenAccelerator =
  | { readonly kind: 'model'; readonly model: LatencyModel }
  | { readonly kind: 'mapped'; readonly accelerator: AnyAccelerator; readonly clockMhz: number }

/**
 * The accelerator behind `--accelerator`: a built-in latency model, else a preset or file of `map`.
 * @throws InputError naming the nearest of both, or when no clock is known
 */
export function chooseAccelerator(options: {
  readonly accelerator: string
  readonly asPublished: boolean
  readonly clockMhz?: number
}): ChosenAccelerator {
  const entry = sparseAccelerators[options.accelerator]
  if (entry !== undefined) {
    const model = options.asPublished && entry.published ? entry.published() : entry.standard()
    return { kind: 'model', model }
  }
  const accelerator = readMapped(options.accelerator)
  const clockMhz = options.clockMhz ?? accelerator.clockMhz
  if (clockMhz === undefined) {
    throw new InputError({
      code: 'E-PRF-009',
      message: `accelerator "${accelerator.name}" does not say its clock`,
      hint: 'give --clock-mhz',
    })
  }
  return { kind: 'mapped', accelerator, clockMhz }
}

function readMapped(name: string): AnyAccelerator {
  try {
    return readAnyAccelerator(name)
  } catch (error) {
    if (!(error instanceof InputError) || error.diagnostics[0].code !== 'E-IN-001') throw error
    const names = [
      ...Object.keys(sparseAccelerators),
      ...listPresets('accelerators').map((preset) => preset.name),
    ]
    throw new InputError({
      code: 'E-PRF-008',
      message: `there is no latency model, accelerator preset or file named "${name}"`,
      hint: suggestName(name, names),
    })
  }
}
