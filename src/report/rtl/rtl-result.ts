import type { DataSheet, HardwareOptions } from '../../rtl/index.js'
import type { ComparedArea } from './area-table.js'

/** Area of a design on one family, as the report shows it. */
export interface SynthesisReport {
  readonly target: string
  readonly luts: number
  readonly lutsAsRam: number
  readonly ffs: number
  readonly dsps: number
  readonly blockRams: number
  readonly carries: number
  readonly cells: Readonly<Record<string, number>>
  readonly modules: readonly {
    readonly module: string
    readonly instances: number
    readonly luts: number
    readonly lutsAsRam: number
    readonly ffs: number
    readonly dsps: number
    readonly blockRams: number
  }[]
}

export interface RoutingReport {
  readonly device: string
  readonly maxFrequencyMhz: number
  readonly utilisation: Readonly<
    Record<string, { readonly used: number; readonly available: number }>
  >
}

/** Everything that `heddle rtl` found. */
export interface RtlResult {
  readonly options: HardwareOptions
  readonly sheet: DataSheet
  readonly top: string
  /** Names of the generated files. */
  readonly files: readonly string[]
  readonly testDecisions: number
  readonly synthesis: readonly SynthesisReport[]
  readonly routing?: RoutingReport
  /** Present when 7-series was synthesised. */
  readonly comparison?: readonly ComparedArea[]
}
