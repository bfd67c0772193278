import { factorTable, type Predictor } from './predictor.js'

/** No correction: the profiled mean. */
export const none: Predictor = {
  name: 'none',
  summary: 'the profiled mean, uncorrected',
  factors(trace, profile, conventions) {
    return factorTable(trace, profile, conventions, () => 1)
  },
}
