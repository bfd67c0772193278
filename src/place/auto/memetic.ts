import type { Rng } from '../../base/index.js'
import type { Run } from '../../model/index.js'
import { combine, likeness } from './combine.js'
import { Selection } from './selection.js'
import { TabuSearch } from './tabu.js'

/** A schedule to begin with: core and start per task. */
export interface Seed {
  readonly core: ArrayLike<number>
  readonly startUs: ArrayLike<number>
}

export interface MemeticOptions {
  /** Tabu moves in all. */
  readonly moves: number
  /** Moves of one tabu search. */
  readonly stretch: number
  /** Selections kept. */
  readonly pool: number
  /** Stop when the makespan is not above this. */
  readonly targetUs: number
}

/**
 * Tabu searches from the seeds, then from combinations of the best selections found (Peng, Lü and Cheng 2015 in
 * spirit). Deterministic for a stream of random numbers and a number of moves.
 */
export function memetic(
  seeds: readonly Selection[],
  options: MemeticOptions,
  rng: Rng,
  run: Run,
): { best: Selection; evaluations: number } {
  const problem = seeds[0].problem
  const work = new Selection(problem)
  const trial = new Selection(problem)
  const search = new TabuSearch(work, trial, rng)
  const pool: Selection[] = []
  let best = seeds[0]
  let spent = 0

  const improve = (moves: number): void => {
    search.run({
      moves,
      patience: Math.max(200, Math.floor(moves / 3)),
      cancelled: run.cancelled,
      targetUs: options.targetUs,
    })
    spent += moves
    const kept = new Selection(problem)
    kept.copy(trial)
    kept.evaluate()
    if (kept.makespanUs < best.makespanUs) best = kept
    enter(pool, kept, options.pool)
    run.progress({
      fraction: Math.min(1, spent / options.moves),
      message: `${best.makespanUs.toFixed(3)} µs`,
    })
  }
  const done = (): boolean =>
    best.makespanUs <= options.targetUs + 1e-9 || spent >= options.moves || run.cancelled()

  for (const seed of seeds) {
    if (done()) break
    trial.copy(seed)
    trial.evaluate()
    improve(options.stretch)
  }
  while (!done()) {
    const a = rng.below(pool.length)
    const b = pool.length > 1 ? (a + 1 + rng.below(pool.length - 1)) % pool.length : a
    combine(pool[a], pool[b], trial, rng)
    if (!trial.evaluate()) trial.copy(pool[a])
    trial.evaluate()
    improve(options.stretch)
  }
  return { best, evaluations: search.evaluations }
}

/** Keeps the pool short and varied: a newcomer replaces its near twin, or the worst. */
function enter(pool: Selection[], one: Selection, size: number): void {
  const twin = pool.findIndex((each) => likeness(each, one) > 0.9)
  if (twin >= 0) {
    if (one.makespanUs <= pool[twin].makespanUs) pool[twin] = one
    return
  }
  if (pool.length < size) {
    pool.push(one)
    return
  }
  let worst = 0
  for (let i = 1; i < pool.length; i++) if (pool[i].makespanUs > pool[worst].makespanUs) worst = i
  if (one.makespanUs < pool[worst].makespanUs) pool[worst] = one
}
