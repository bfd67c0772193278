import type { Policy } from '../policy.js'

/**
 * Remaining × total time, both estimated: Smith's rule for the mean slowdown, which weighs a request by the inverse
 * of its size. Serving by it alone minimises ANTT about as well as estimates allow, and ignores deadlines.
 */
export const rs: Policy = {
  name: 'rs',
  summary: 'smallest remaining × total time: mean slowdown, no deadlines',
  origin: 'heddle',
  knows: 'pattern',
  predictor: 'affine',
  keyChanges: 'when-run',
  usesDeadlines: false,
  start: ({ remainingS, executedS }) => ({
    kind: 'key',
    key: (id) => remainingS[id] * (executedS[id] + remainingS[id]),
  }),
}

/** Above every remaining × total time in seconds². */
const BEHIND = 1e12

/** Requests that can still meet their deadline first, each class by remaining × total time. */
export const fs: Policy = {
  name: 'fs',
  summary: 'feasible requests first, then smallest remaining × total time',
  origin: 'heddle',
  knows: 'pattern',
  predictor: 'affine',
  keyChanges: 'with-time',
  usesDeadlines: true,
  start: ({ remainingS, executedS, deadlineS }) => ({
    kind: 'key',
    key(id, nowS) {
      const leftS = remainingS[id]
      const index = leftS * (executedS[id] + leftS)
      return nowS + leftS <= deadlineS[id] ? index : BEHIND + index
    },
  }),
}
