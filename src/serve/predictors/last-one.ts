import { factorTable, type Predictor } from './predictor.js'

/** Density ratio of the layer just executed: what the published hardware scheduler keeps. */
export const lastOne: Predictor = {
  name: 'last-one',
  summary: 'density ratio of the last executed layer (published hardware)',
  factors(trace, profile, conventions) {
    return factorTable(trace, profile, conventions, (ratios, measured) => ratios[measured - 1])
  },
}
