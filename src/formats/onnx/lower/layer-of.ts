import type { Layer } from '../../../model/index.js'

/** Bits per element of an imported network's data. */
export interface ImportPrecision {
  readonly activationBits: number
  readonly weightBits: number
  /** Width of a partial sum. */
  readonly accumulatorBits: number
}

/** The parts of a layer that differ from 1 (sizes, strides) or 0 (padding). */
export interface LayerParts {
  readonly operator: Layer['operator']
  readonly dims: Partial<Layer['dims']>
  readonly stride?: Layer['stride']
  readonly dilation?: Layer['dilation']
  readonly padding?: Layer['padding']
}

/** A complete, frozen layer from its parts; name and inputs are filled in when the workload is made. */
export function layerOf(parts: LayerParts, precision: ImportPrecision): Layer {
  return Object.freeze({
    name: '',
    operator: parts.operator,
    dims: Object.freeze({ B: 1, K: 1, C: 1, OY: 1, OX: 1, FY: 1, FX: 1, G: 1, ...parts.dims }),
    stride: parts.stride ?? { y: 1, x: 1 },
    dilation: parts.dilation ?? { y: 1, x: 1 },
    padding: parts.padding ?? { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: {
      input: precision.activationBits,
      weight: precision.weightBits,
      output: precision.activationBits,
      partialOutput: precision.accumulatorBits,
    },
    inputs: [],
  })
}
