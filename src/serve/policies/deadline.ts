import type { Policy } from '../policy.js'

/** Earliest deadline first. */
export const edf: Policy = {
  name: 'edf',
  summary: 'earliest deadline first',
  origin: 'baseline',
  knows: 'pattern',
  predictor: 'none',
  keyChanges: 'never',
  usesDeadlines: true,
  start: ({ deadlineS }) => ({ kind: 'key', key: (id) => deadlineS[id] }),
}

/** Least laxity first. Laxities of waiting requests shrink alike, so their order is that of deadline − remaining. */
export const leastLaxity: Policy = {
  name: 'least_laxity',
  summary: 'smallest deadline minus estimated remaining time',
  origin: 'baseline',
  knows: 'pattern',
  predictor: 'average',
  keyChanges: 'when-run',
  usesDeadlines: true,
  start: ({ deadlineS, remainingS }) => ({
    kind: 'key',
    key: (id) => deadlineS[id] - remainingS[id],
  }),
}
