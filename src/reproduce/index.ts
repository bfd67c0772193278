import type { Reproduction } from './reproduction.js'

export type { Chart } from './chart.js'
export type {
  Cell,
  ReproducedFigure,
  ReproducedTable,
  Reproduction,
  ReproductionResult,
} from './reproduction.js'
export type { PlaceInput } from './prism/place-input.js'
export type { ReproductionInputs } from './reproduction-inputs.js'

interface ReproductionEntry {
  /** The publication, in one line. */
  readonly summary: string
  readonly load: () => Promise<Reproduction>
}

/** Every published system whose figures can be drawn again, by the name that `heddle reproduce` accepts. */
export const reproductions: Readonly<Record<string, ReproductionEntry>> = {
  'dysta-hardware': {
    summary: 'Sparse-DySta (Fan et al. 2023): the hardware scheduler, Fig. 16 and Table 6',
    load: async () => (await import('./dysta-hardware.js')).dystaHardware,
  },
  defines: {
    summary:
      'DeFiNES: fast exploration of the depth-first scheduling space (Mei et al., HPCA 2023)',
    load: async () => (await import('./defines/index.js')).defines,
  },
  'dysta-profiling': {
    summary: 'Sparse-DySta (Fan et al. 2023): sparsity of inputs, patterns and layers',
    load: async () => (await import('./dysta-profiling/index.js')).dystaProfiling,
  },
  dysta: {
    summary: 'Sparse-DySta (Fan et al., MICRO 2023): sparsity-aware scheduling of request streams',
    load: async () => (await import('./dysta/index.js')).dysta,
  },
  prism: {
    summary: 'PRISM (Das, MEMOCODE 2022): operations of a network on NPUs and CPUs',
    load: async () => (await import('./prism/index.js')).prism,
  },
}
