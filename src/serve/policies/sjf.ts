import type { Policy } from '../policy.js'

const base = {
  origin: 'published',
  keyChanges: 'when-run',
  usesDeadlines: false,
  start: ({ remainingS }) => ({ kind: 'key', key: (id) => remainingS[id] }),
} satisfies Partial<Policy>

/** Shortest estimated remaining time; preemptive at layer boundaries. */
export const sjf: Policy = {
  ...base,
  name: 'sjf',
  summary: 'shortest estimated remaining time, pattern-blind profile',
  knows: 'network',
  predictor: 'none',
}

/** The same with the profile of the request's sparsity pattern, corrected by measured sparsity. */
export const sjfSparse: Policy = {
  ...base,
  name: 'sjf_sparse',
  summary: 'shortest estimated remaining time, corrected by measured sparsity',
  knows: 'pattern',
  predictor: 'average',
}

/** Shortest remaining time with true latencies: what minimises the mean (unnormalised) turnaround. */
export const srpt: Policy = {
  ...base,
  name: 'srpt',
  summary: 'shortest true remaining time (clairvoyant)',
  origin: 'baseline',
  knows: 'truth',
  predictor: 'none',
}
