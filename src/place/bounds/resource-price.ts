import type { PlaceProblem } from '../problem.js'

/** The operations of a problem, each once however many inputs there are. */
interface Work {
  readonly kinds: number
  /** [operation × kinds + kind] */
  readonly heldUs: Float64Array
  /** Instances of each operation. */
  readonly instances: Float64Array
}

/** More kinds than this are not polished pair by pair. */
const POLISHED_UP_TO = 4
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * Prices of core time per kind, Σ price·count = 1, that make the load bound Σ_t min_k price_k · held(t, k) large: the
 * dual of the resource LP (specification §10, bound 3). The bound is concave in the prices; multiplicative updates
 * come near its maximum and, for few kinds, golden-section search between pairs of kinds finishes. Every price vector
 * gives a valid bound, so stopping early costs strength and never truth.
 */
export function resourcePrices(p: PlaceProblem, steps = 300): Float64Array {
  const { kinds } = p
  const work = workOf(p)
  const count = Float64Array.from({ length: kinds }, (_, k) => p.firstCore[k + 1] - p.firstCore[k])
  const present = count.reduce((sum, c) => sum + (c > 0 ? 1 : 0), 0)
  // The share of the whole that each kind's cores cost; shares live on the simplex.
  const share = count.map((c) => (c > 0 ? 1 / present : 0))
  const load = new Float64Array(kinds)
  let best = share.slice()
  let bestValue = evaluate(work, count, share, load)
  const scale = Math.max(bestValue, 1e-300)
  for (let step = 0; step < steps; step++) {
    // Towards the kinds that are loaded more than the bound says they must be.
    const rate = 0.7 / Math.sqrt(1 + step)
    const value = evaluate(work, count, share, load)
    if (value > bestValue) {
      bestValue = value
      best = share.slice()
    }
    let sum = 0
    for (let k = 0; k < kinds; k++) {
      const push = Math.max(-3, Math.min(3, (load[k] - value) / scale))
      share[k] *= Math.exp(rate * push)
      sum += share[k]
    }
    for (let k = 0; k < kinds; k++) share[k] = Math.max(share[k] / sum, count[k] > 0 ? 1e-9 : 0)
  }
  if (present <= POLISHED_UP_TO) polish(work, count, best, load)
  return best.map((s, k) => (count[k] > 0 ? s / count[k] : 0))
}

/** Instances of an operation share its weights' key and its times. */
function workOf(p: PlaceProblem): Work {
  const operations = p.weightKey.reduce((most, key) => Math.max(most, key + 1), 0)
  const heldUs = new Float64Array(operations * p.kinds)
  const instances = new Float64Array(operations)
  for (let t = 0; t < p.tasks; t++) {
    const operation = p.weightKey[t]
    instances[operation]++
    for (let k = 0; k < p.kinds; k++) heldUs[operation * p.kinds + k] = p.heldUs[t * p.kinds + k]
  }
  return { kinds: p.kinds, heldUs, instances }
}

/** Value of the bound; `load` receives the time per core of each kind, ties between kinds shared equally. */
function evaluate(
  work: Work,
  count: Float64Array,
  share: Float64Array,
  load: Float64Array,
): number {
  const { kinds, heldUs, instances } = work
  load.fill(0)
  let value = 0
  for (let t = 0; t < instances.length; t++) {
    let price = Infinity
    let ties = 0
    for (let k = 0; k < kinds; k++) {
      const held = heldUs[t * kinds + k]
      if (held === Infinity) continue
      const cost = (share[k] / count[k]) * held
      if (cost < price * (1 - 1e-12)) {
        price = cost
        ties = 1
      } else if (cost <= price * (1 + 1e-12)) ties++
    }
    value += instances[t] * price
    for (let k = 0; k < kinds; k++) {
      const held = heldUs[t * kinds + k]
      if (held === Infinity || (share[k] / count[k]) * held > price * (1 + 1e-12)) continue
      load[k] += (instances[t] * held) / count[k] / ties
    }
  }
  return value
}

/** Golden-section search over the division of each pair's shares; changes `share` in place. */
function polish(work: Work, count: Float64Array, share: Float64Array, load: Float64Array): void {
  const { kinds } = work
  const rounds = kinds === 2 ? 1 : 3
  for (let round = 0; round < rounds; round++) {
    for (let a = 0; a < kinds; a++) {
      for (let b = a + 1; b < kinds; b++) {
        if (count[a] === 0 || count[b] === 0) continue
        const both = share[a] + share[b]
        const trial = share.slice()
        const at = (x: number): number => {
          trial[a] = x
          trial[b] = both - x
          return evaluate(work, count, trial, load)
        }
        let low = 0
        let high = both
        for (let i = 0; i < 60; i++) {
          const left = high - GOLDEN * (high - low)
          const right = low + GOLDEN * (high - low)
          if (at(left) < at(right)) low = left
          else high = right
        }
        const before = at(share[a])
        if (at((low + high) / 2) > before * (1 + 1e-9)) {
          share[a] = trial[a]
          share[b] = trial[b]
        }
      }
    }
  }
}
