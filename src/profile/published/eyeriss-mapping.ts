import { InfeasibleError } from '../../base/index.js'

/** Shapes that the published Eyeriss-V2 model reads; FC layers have every spatial size 1. */
export interface EyerissShape {
  readonly name: string
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly filters: number
  readonly groups: number
  readonly kernelHeight: number
  readonly kernelWidth: number
}

/** The thirteen numbers of a mapping, named as in the specification §A.3. */
export interface EyerissMapping {
  readonly C0: number
  readonly R: number
  readonly E: number
  readonly F0: number
  readonly M0: number
  readonly C1: number
  readonly F1: number
  readonly S1: number
  readonly M1: number
  readonly M2: number
  readonly F2: number
  readonly C2: number
  readonly S2: number
}

const ACTIVATION_BUFFER_BITS = 96000
const ACTIVATION_BITS = 8
const ACTIVATION_SPAD_ENTRIES = 16

/**
 * Chooses the published mapping.
 * @throws InfeasibleError (E-EYE-001, E-EYE-002) on the layers where the published model aborts
 */
export function eyerissMapping(shape: EyerissShape): EyerissMapping {
  const { channels: C, width: W, kernelHeight: R, kernelWidth: S } = shape
  const filters = shape.filters / shape.groups
  const C0 = C <= 3 ? C : Math.min(C, powerOfTwoBelow(Math.floor(ACTIVATION_SPAD_ENTRIES / R)))
  const E = W
  const rows = powerOfTwoBelow(Math.floor(ACTIVATION_BUFFER_BITS / (E * R * C0 * ACTIVATION_BITS)))
  const F0 = Math.min(W, rows)
  if (!(C0 > 0) || !(F0 > 0)) {
    throw new InfeasibleError({
      code: 'E-EYE-001',
      message: `the published Eyeriss-V2 model cannot map "${shape.name}": one row of its activations does not fit the buffer`,
      hint: 'use the standard model',
    })
  }
  const M0 = Math.min(32, filters)
  const C1 = 8 * C0 <= C ? 8 : Math.floor(C / C0)
  const F1 = 4 * F0 <= W ? 4 : Math.floor(W / F0)
  const S1 = Math.min(3, S)
  const M1 = 2 * M0 <= filters ? 2 : Math.floor(filters / M0)
  const M2 = Math.ceil(filters / (M0 * M1))
  const F2 = Math.ceil(W / (F0 * F1))
  const C2 = Math.ceil(C / (C0 * C1))
  const S2 = Math.ceil(S / S1)
  if (C !== C2 * C1 * C0) {
    throw new InfeasibleError({
      code: 'E-EYE-002',
      message: `the published Eyeriss-V2 model aborts on "${shape.name}": its ${C} channels are not ${C2}·${C1}·${C0}`,
      hint: 'use the standard model, which tiles any channel count',
    })
  }
  return { C0, R, E, F0, M0, C1, F1, S1, M1, M2, F2, C2, S2 }
}

/** Largest power of two ≤ x; 0 for x < 1. */
function powerOfTwoBelow(x: number): number {
  return x < 1 ? 0 : 2 ** Math.floor(Math.log2(x))
}
