import { factorTable, type Predictor } from './predictor.js'

/** Mean density ratio of all executed layers: the published choice. */
export const average: Predictor = {
  name: 'average',
  summary: 'mean density ratio of all executed layers (published)',
  factors(trace, profile, conventions) {
    return factorTable(trace, profile, conventions, (ratios, measured) => {
      let sum = 0
      for (let i = 0; i < measured; i++) sum += ratios[i]
      return sum / measured
    })
  },
}
