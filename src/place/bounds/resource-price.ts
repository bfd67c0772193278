import type { PlaceProblem } from '../problem.js'

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
  const count = Float64Array.from({ length: kinds }, (_, k) => p.firstCore[k + 1] - p.firstCore[k])
  const present = count.reduce((sum, c) => sum + (c > 0 ? 1 : 0), 0)
  // The share of the whole that each kind's cores cost; shares live on the simplex.
  const share = count.map((c) => (c > 0 ? 1 / present : 0))
  const load = new Float64Array(kinds)
  let best = share.slice()
  let bestValue = evaluate(p, count, share, load)
  const scale = Math.max(bestValue, 1e-300)
  for (let step = 0; step < steps; step++) {
    // Towards the kinds that are loaded more than the bound says they must be.
    const rate = 0.7 / Math.sqrt(1 + step)
    const value = evaluate(p, count, share, load)
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
  if (present <= POLISHED_UP_TO) polish(p, count, best, load)
  return best.map((s, k) => (count[k] > 0 ? s / count[k] : 0))
}

/** Value of the bound; `load` receives the time per core of each kind, ties between kinds shared equally. */
function evaluate(
  p: PlaceProblem,
  count: Float64Array,
  share: Float64Array,
  load: Float64Array,
): number {
  const { kinds, tasks, heldUs } = p
  load.fill(0)
  let value = 0
  for (let t = 0; t < tasks; t++) {
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
    value += price
    for (let k = 0; k < kinds; k++) {
      const held = heldUs[t * kinds + k]
      if (held === Infinity || (share[k] / count[k]) * held > price * (1 + 1e-12)) continue
      load[k] += held / count[k] / ties
    }
  }
  return value
}

/** Golden-section search over the division of each pair's shares; changes `share` in place. */
function polish(
  p: PlaceProblem,
  count: Float64Array,
  share: Float64Array,
  load: Float64Array,
): void {
  const rounds = p.kinds === 2 ? 1 : 3
  for (let round = 0; round < rounds; round++) {
    for (let a = 0; a < p.kinds; a++) {
      for (let b = a + 1; b < p.kinds; b++) {
        if (count[a] === 0 || count[b] === 0) continue
        const both = share[a] + share[b]
        const trial = share.slice()
        const at = (x: number): number => {
          trial[a] = x
          trial[b] = both - x
          return evaluate(p, count, trial, load)
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
