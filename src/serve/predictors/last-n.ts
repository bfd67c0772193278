import { factorTable, type Predictor } from './predictor.js'

const N = 3

/** Mean density ratio of the last three executed layers. */
export const lastN: Predictor = {
  name: 'last-n',
  summary: 'mean density ratio of the last 3 executed layers',
  factors(trace, profile, conventions) {
    return factorTable(trace, profile, conventions, (ratios, measured) => {
      const from = Math.max(0, measured - N)
      let sum = 0
      for (let i = from; i < measured; i++) sum += ratios[i]
      return sum / (conventions.lastN === 'always-n' ? N : measured - from)
    })
  },
}
