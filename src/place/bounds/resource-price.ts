import type { PlaceProblem } from '../problem.js'

const MOST_CHANGE = 3

/**
 * Prices of core time per kind, Σ price·count = 1, that make the load bound Σ_t min_k price_k · held(t, k) large: the
 * dual of the resource LP (specification §10, bound 3), by projected subgradient. Every price vector gives a valid
 * bound, so stopping early costs strength and never truth.
 */
export function resourcePrices(p: PlaceProblem, steps = 400): Float64Array {
  const { kinds, tasks } = p
  const count = Float64Array.from({ length: kinds }, (_, k) => p.firstCore[k + 1] - p.firstCore[k])
  const present = count.reduce((sum, c) => sum + (c > 0 ? 1 : 0), 0)
  // The share of the whole that each kind's cores cost; shares live on the simplex.
  const share = count.map((c) => (c > 0 ? 1 / present : 0))
  const load = new Float64Array(kinds)
  let best = share.slice()
  let bestValue = -Infinity
  for (let step = 0; step < steps; step++) {
    load.fill(0)
    let value = 0
    for (let t = 0; t < tasks; t++) {
      let cheapest = -1
      let price = Infinity
      for (let k = 0; k < kinds; k++) {
        const held = p.heldUs[t * kinds + k]
        if (held === Infinity || count[k] === 0) continue
        const cost = (share[k] / count[k]) * held
        if (cost < price) {
          price = cost
          cheapest = k
        }
      }
      value += price
      load[cheapest] += p.heldUs[t * kinds + cheapest] / count[cheapest]
    }
    if (value > bestValue) {
      bestValue = value
      best = share.slice()
    }
    // Multiplicative update towards the kinds that are loaded above the value reached.
    const rate = 1.5 / Math.sqrt(1 + step)
    let sum = 0
    for (let k = 0; k < kinds; k++) {
      // One step changes a share by a bounded factor: a kind that could run everything in no time has no finite price.
      const step = (rate * (load[k] - value)) / Math.max(value, 1e-12) / kinds
      share[k] *= Math.exp(Math.max(-MOST_CHANGE, Math.min(MOST_CHANGE, step)))
      sum += share[k]
    }
    for (let k = 0; k < kinds; k++) share[k] /= sum
  }
  return best.map((s, k) => (count[k] > 0 ? s / count[k] : 0))
}
