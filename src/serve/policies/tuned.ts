import type { Policy } from '../policy.js'
import { premaSparse } from './prema.js'
import { sdrm3Sparse } from './sdrm3.js'

const TUNED_ALPHA = 0.01

/** SDRM3 with the best α of its sweep: the published α = 1 lets fairness take turns at nearly every layer. */
export const sdrm3Tuned: Policy = {
  ...sdrm3Sparse,
  name: 'sdrm3_tuned',
  summary: 'SDRM3 with its fairness weight tuned (α = 0.01) and affine estimates',
  origin: 'baseline',
  predictor: 'affine',
  start: (queue, settings) => sdrm3Sparse.start(queue, { ...settings, alpha: TUNED_ALPHA }),
}

/** PREMA with the token growth that serves it best (the published one), repaired ratios and affine estimates. */
export const premaTuned: Policy = {
  ...premaSparse,
  name: 'prema_tuned',
  summary: 'PREMA with the published token growth (its best) and affine estimates per request',
  origin: 'baseline',
  predictor: 'affine',
  start: (queue, settings) =>
    premaSparse.start(queue, {
      ...settings,
      conventions: {
        ...settings.conventions,
        premaWaiting: 'since-execution',
        premaFreshTokens: 'ignored',
        premaRatio: 'own',
      },
    }),
}
