import type { Rng } from '../../base/index.js'
import type { Run } from '../../model/index.js'
import type { Seed } from './memetic.js'
import { StreamDispatch, type DispatchRule, type DispatchTables } from './stream-dispatch.js'

interface Candidate {
  readonly rule: DispatchRule
  readonly makespanUs: number
}

export interface DispatchSearchOptions {
  /** Rules drawn at random first, then bred from the pool, at last small changes of the few best. */
  readonly random: number
  readonly bred: number
  readonly refined: number
  /** Rules kept. */
  readonly pool: number
}

/** Best rules from which the last trials start. */
const REFINED = 10

/**
 * Searches the numbers of a {@link DispatchRule} for the shortest schedule: random rules, then changes of the best.
 * The landscape is rough (a small change reshuffles everything behind it), so many cheap trials beat careful ones: a
 * trial ends as soon as the waste of the bottleneck decides it, in either direction. Undefined when it was cancelled
 * before the first rule was tried.
 */
export function searchDispatch(
  tables: DispatchTables,
  options: DispatchSearchOptions,
  rng: Rng,
  run: Run,
): { seed: Seed; makespanUs: number; evaluations: number } | undefined {
  const simulation = new StreamDispatch(tables)
  const scale = scaleOf(tables)
  const pool: Candidate[] = []
  const total = options.random + options.bred + options.refined
  let evaluations = 0
  for (let trial = 0; trial < total; trial++) {
    if (run.cancelled()) break
    const refining = trial >= options.random + options.bred
    const reach = refining ? REFINED : options.pool
    const parent = Math.min(rng.below(reach), rng.below(reach), rng.below(reach))
    const rule =
      trial < options.random || pool.length === 0
        ? randomRule(scale, rng)
        : changedRule(pool[parent % pool.length].rule, scale, rng, refining ? 0.25 : 1)
    const limit = pool.length < options.pool ? Infinity : pool[pool.length - 1].makespanUs
    evaluations++
    const makespanUs = simulation.run(rule, limit, run.cancelled)
    if (makespanUs >= limit || pool.some((each) => each.makespanUs === makespanUs)) continue
    pool.push({ rule, makespanUs })
    pool.sort((a, b) => a.makespanUs - b.makespanUs)
    if (pool.length > options.pool) pool.pop()
    run.progress({ fraction: trial / total, message: `${pool[0].makespanUs.toFixed(3)} µs` })
  }
  if (pool.length === 0) return undefined
  const makespanUs = simulation.run(pool[0].rule, Infinity, () => false)
  return {
    seed: { core: simulation.core.slice(), startUs: simulation.startUs.slice() },
    makespanUs,
    evaluations,
  }
}

/** Sizes of one input against which the numbers of a rule are drawn. */
interface Scale {
  readonly inputs: number
  /** Critical path of one input. */
  readonly pathUs: number
  /** Largest loss of one operation on a wrong kind, of those that have a choice. */
  readonly lossUs: number
}

function scaleOf(tables: DispatchTables): Scale {
  const { problem, tail, loss } = tables
  let inputs = 0
  let pathUs = 0
  let lossUs = 0
  for (let t = 0; t < problem.tasks; t++) {
    inputs = Math.max(inputs, problem.input[t] + 1)
    pathUs = Math.max(pathUs, tail[t])
    for (let k = 0; k < problem.kinds; k++) {
      const each = loss[t * problem.kinds + k]
      if (each !== Infinity) lossUs = Math.max(lossUs, each)
    }
  }
  return { inputs, pathUs, lossUs }
}

function randomRule(scale: Scale, rng: Rng): DispatchRule {
  const { pathUs, lossUs } = scale
  // A few leaders run far ahead; the others may be staggered.
  const leaders = rng.below(6)
  const lead = (0.3 + 0.7 * rng.next()) * pathUs
  const step = rng.below(2) * rng.next() * 0.07 * pathUs
  return {
    backlogUs: rng.next() * 0.35 * pathUs,
    hurry: rng.next() * 3,
    hurryTail: rng.next() * 1.2,
    stealLoss: rng.next() * lossUs,
    stealUntilUs: rng.next() * 0.4 * pathUs,
    stealAfterUs: Infinity,
    stealThrift: rng.below(2) * rng.next() * 20,
    offsetShare: rng.below(2) * rng.next(),
    fadeUs: (0.3 + 2.7 * rng.next()) * pathUs,
    laterBacklogUs: rng.next() * 0.35 * pathUs,
    laterHurry: rng.next() * 3,
    laterHurryTail: rng.next() * 1.2,
    offsetUs: Float64Array.from(
      { length: scale.inputs },
      (_, input) => (input < leaders ? lead : 0) - input * step,
    ),
  }
}

function changedRule(rule: DispatchRule, scale: Scale, rng: Rng, size: number): DispatchRule {
  const next: DispatchRule = { ...rule, offsetUs: rule.offsetUs.slice() }
  const changes = 1 + rng.below(3)
  for (let i = 0; i < changes; i++) {
    const factor = Math.exp(0.4 * size * rng.normal())
    const shift = 0.2 * size * rng.normal()
    switch (rng.below(16)) {
      case 0:
        next.backlogUs *= factor
        break
      case 1:
        next.hurry *= factor
        break
      case 2:
        next.hurryTail = Math.max(0, next.hurryTail + shift)
        break
      case 3:
        next.stealLoss *= factor
        break
      case 4:
        next.stealUntilUs *= factor
        break
      case 5:
        next.offsetShare = Math.max(0, next.offsetShare + shift)
        break
      case 6:
        next.stealThrift = Math.max(0, next.stealThrift + 25 * shift)
        break
      case 7:
        next.fadeUs *= factor
        break
      case 8:
        next.laterBacklogUs *= factor
        break
      case 9:
        next.laterHurry *= factor
        break
      case 10:
        next.laterHurryTail = Math.max(0, next.laterHurryTail + shift)
        break
      default:
        next.offsetUs[rng.below(scale.inputs)] +=
          0.07 * size * scale.pathUs * rng.normal() * Math.exp(rng.normal())
    }
  }
  return next
}
