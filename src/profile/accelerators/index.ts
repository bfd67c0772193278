import { eyerissX } from '../eyeriss/index.js'
import type { LatencyModel } from '../latency-model.js'
import { eyerissDysta, sangerDysta } from '../published/index.js'
import { denseRoofline, roofline } from '../roofline.js'
import { sangerMachine, sangerX } from '../sanger/index.js'

/** A built-in accelerator: its model in both semantics; without a published one, the standard model is used. */
export interface SparseAccelerator {
  readonly summary: string
  readonly standard: () => LatencyModel
  readonly published?: () => LatencyModel
}

/** The accelerators that `profile` times layers on, by name. Others come from `map`, with an ideal density correction. */
export const sparseAccelerators: Readonly<Record<string, SparseAccelerator>> = {
  'eyeriss-v2': {
    summary: 'row-stationary sparse CNN accelerator, 192 processing elements, 200 MHz',
    standard: () => eyerissX(),
    published: () => eyerissDysta,
  },
  sanger: {
    summary: 'score-stationary sparse attention accelerator, 64×16 processing elements, 1 GHz',
    standard: () => sangerX(),
    published: () => sangerDysta,
  },
  'sanger-32': {
    summary: 'Sanger with 32 processing elements per row',
    standard: () => sangerX({ ...sangerMachine, elementsPerRow: 32 }),
    published: () => sangerDysta,
  },
  roofline: {
    summary: 'dense lower bound of 192 multipliers at 200 MHz with 25.6 GB/s',
    standard: () => roofline(denseRoofline),
  },
}
