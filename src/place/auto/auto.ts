import { createRng } from '../../base/index.js'
import type { Run, Schedule } from '../../model/index.js'
import { lowerBounds, type LowerBounds } from '../bounds/lower-bounds.js'
import { loadBound } from '../bounds/load-bound.js'
import { resourcePrices } from '../bounds/resource-price.js'
import { windows, type Windows } from '../bounds/windows.js'
import { dls, etf, lookahead, maxMin, minMin, sufferage } from '../list/dynamic-list.js'
import { guidedList } from '../list/guided-list.js'
import type { ScheduleBuilder } from '../list/schedule-builder.js'
import { cpop, heft, peft } from '../list/static-list.js'
import type { PlaceProblem } from '../problem.js'
import { denseSchedules } from './dense-schedules.js'
import { searchDispatch } from './dispatch-search.js'
import { memetic } from './memetic.js'
import { exact } from '../exact/exact.js'
import { orderSearch } from './order-search.js'
import { Selection } from './selection.js'
import { dispatchTables } from './stream-dispatch.js'

/** What the portfolio found. */
export interface AutoResult {
  readonly schedule: Schedule
  readonly makespanUs: number
  readonly bounds: LowerBounds
  readonly evaluations: number
  /** Method that gave the schedule. */
  readonly method: string
  /** True when nothing shorter exists. */
  readonly proved: boolean
}

/** How long the portfolio tries. */
export interface AutoEffort {
  /** Conflicts of the exact search before and after the tabu search. */
  readonly firstConflicts: number
  readonly lastConflicts: number
  /** Times the default number of tabu moves. */
  readonly tabu: number
}

/** `auto`: a few seconds at most. */
export const quickEffort: AutoEffort = { firstConflicts: 3000, lastConflicts: 6000, tabu: 1 }
/** `exact`: until proved, or for minutes. */
export const thoroughEffort: AutoEffort = {
  firstConflicts: 20_000,
  lastConflicts: 400_000,
  tabu: 0.5,
}

/** Up to this many tasks the exact search goes first: it often proves what the tabu search can only find. */
const EXACT_FIRST_UP_TO = 60
/** Up to this many tasks the exact search is tried at all. */
const EXACT_UP_TO = 160

/**
 * Above this many tasks the list policies that look at every ready task again and again are left out, and of streams,
 * whose dispatch rules do better, those that know nothing of the bottleneck.
 */
const ALL_LISTS_UP_TO = 3000
/** Up to this many tasks of networks with one input each, beams look for schedules without idle time. */
const BEAMS_UP_TO = 600
/** Above this many tasks the tabu search's pair table would not fit. */
const TABU_UP_TO = 1500

/**
 * The portfolio: list policies, guided by the resource LP too; for one input each beam searches for schedules without
 * idle time; for many inputs of a network a search of dispatch rules; then a memetic tabu search over cores and orders. Ends early when the lower bound is met. Bounded by
 * evaluations, so the outcome depends on problem and seed only (and on cancellation).
 */
export function auto(p: PlaceProblem, effort: AutoEffort, run: Run): AutoResult {
  const given = windows(p)
  const lpPrice = resourcePrices(p)
  const bounds = lowerBounds(p, given, lpPrice)
  const target = bounds.bestUs * (1 + 1e-12)
  const price = bestPrice(p, given, lpPrice)
  const inputs = p.request.applications.reduce((sum, app) => sum + app.inputs, 0)
  const isStream = inputs > 1 && !p.hasTransfers
  const builders = listSchedules(p, price, isStream, run)
  let evaluations = builders.length
  builders.sort((a, b) => a.builder.makespanUs() - b.builder.makespanUs())
  const first = builders[0]
  const finish = (
    schedule: Schedule,
    makespanUs: number,
    method: string,
    proved = false,
  ): AutoResult => ({ schedule, makespanUs, bounds, evaluations, method, proved })
  if (first.builder.makespanUs() <= target)
    return finish(first.builder.schedule(), first.builder.makespanUs(), first.name)

  if (p.contention !== 'none' || p.hasResidency) {
    const trials = Math.max(200, Math.min(20_000, Math.round(4e6 / p.tasks)))
    const found = orderSearch(p, first.builder, trials, createRng(run.seed, 3), run)
    evaluations += found.evaluations
    const better = found.builder.makespanUs() < first.builder.makespanUs()
    const winner = better ? found.builder : first.builder
    return finish(winner.schedule(), winner.makespanUs(), better ? 'order search' : first.name)
  }

  // Without a tabu search only the best is built upon.
  const sources = p.tasks <= TABU_UP_TO ? builders : builders.slice(0, 1)
  const seeds = sources.map(({ builder }) => selectionOf(p, builder))
  let method = first.name
  if (isStream) {
    const tables = dispatchTables(p, price)
    const bred = dispatchTrials(p)
    const found = searchDispatch(
      tables,
      { random: Math.min(3000, bred), bred, refined: bred / 4, pool: 100 },
      createRng(run.seed, 1),
      run,
    )
    if (found !== undefined) {
      evaluations += found.evaluations
      const seed = selectionOf(p, found.seed)
      if (seed.makespanUs < seeds[0].makespanUs) {
        seeds.unshift(seed)
        method = 'dispatch-rule search'
      }
    }
  }
  if (inputs === p.request.applications.length && p.tasks <= BEAMS_UP_TO) {
    const found = denseSchedules(p, target, run)
    evaluations += found.evaluations
    const dense = found.seeds.map((seed) => selectionOf(p, seed))
    dense.sort((a, b) => a.makespanUs - b.makespanUs)
    if (dense.length > 0 && dense[0].makespanUs < seeds[0].makespanUs) method = 'beam search'
    seeds.push(...dense)
    seeds.sort((a, b) => a.makespanUs - b.makespanUs)
  }
  let best = seeds[0]
  const tryExact = (conflicts: number): boolean => {
    const found = exact(p, best, bounds.bestUs, conflicts, run)
    if (found === undefined) return false
    evaluations += found.conflicts
    if (found.best.makespanUs < best.makespanUs) {
      best = found.best
      method = 'exact search'
    }
    return found.proved
  }
  if (p.tasks <= EXACT_FIRST_UP_TO && tryExact(effort.firstConflicts))
    return finish(scheduleOf(best), best.makespanUs, method, true)
  if (p.tasks <= TABU_UP_TO && best.makespanUs > target && !run.cancelled()) {
    const found = memetic(
      method === 'exact search' ? [best, ...seeds.slice(0, 11)] : seeds.slice(0, 12),
      {
        moves: Math.round(effort.tabu * tabuMoves(p)),
        stretch: Math.max(500, Math.min(3000, 30 * p.tasks)),
        pool: 16,
        targetUs: target,
      },
      createRng(run.seed, 2),
      run,
    )
    evaluations += found.evaluations
    if (found.best.makespanUs < best.makespanUs) {
      best = found.best
      method = 'memetic tabu search'
    }
  }
  const open = best.makespanUs > target && p.tasks <= EXACT_UP_TO && !run.cancelled()
  const proved = open && tryExact(effort.lastConflicts)
  return finish(scheduleOf(best), best.makespanUs, method, proved)
}

/** Prices whose load bound is highest: those of the LP, or one kind's alone. */
function bestPrice(p: PlaceProblem, given: Windows, lpPrice: Float64Array): Float64Array {
  const candidates = [lpPrice]
  for (let k = 0; k < p.kinds; k++) {
    const count = p.firstCore[k + 1] - p.firstCore[k]
    if (count === 0) continue
    const alone = new Float64Array(p.kinds)
    alone[k] = 1 / count
    candidates.push(alone)
  }
  let best = candidates[0]
  let bestBound = loadBound(p, given, best)
  for (const price of candidates) {
    const bound = loadBound(p, given, price)
    if (bound > bestBound) {
      bestBound = bound
      best = price
    }
  }
  return best
}

/** At least one schedule; none is begun once the run is cancelled. */
function listSchedules(
  p: PlaceProblem,
  price: Float64Array,
  isStream: boolean,
  { cancelled }: Run,
): { name: string; builder: ScheduleBuilder }[] {
  const lists: [name: string, build: () => ScheduleBuilder][] = [['heft', () => heft(p, cancelled)]]
  if (p.tasks <= ALL_LISTS_UP_TO || !isStream) {
    lists.push(['peft', () => peft(p, cancelled)], ['cpop', () => cpop(p, cancelled)])
  }
  lists.push(
    ['guided list', () => guidedList(p, price, 0, cancelled)],
    ['guided list', () => guidedList(p, price, 0.2, cancelled)],
  )
  if (p.tasks <= ALL_LISTS_UP_TO) {
    lists.push(
      ['min-min', () => minMin(p, cancelled)],
      ['max-min', () => maxMin(p, cancelled)],
      ['sufferage', () => sufferage(p, cancelled)],
      ['etf', () => etf(p, cancelled)],
      ['dls', () => dls(p, cancelled)],
      ['lookahead', () => lookahead(p, cancelled)],
    )
  }
  const made: { name: string; builder: ScheduleBuilder }[] = []
  for (const [name, build] of lists) {
    if (made.length > 0 && cancelled()) break
    made.push({ name, builder: build() })
  }
  return made
}

function selectionOf(
  p: PlaceProblem,
  seed: { core: ArrayLike<number>; startUs: ArrayLike<number> },
): Selection {
  const selection = new Selection(p)
  selection.load(seed.core, seed.startUs)
  selection.evaluate()
  return selection
}

/** The schedule of an evaluated selection as a value. */
export function scheduleOf(selection: Selection): Schedule {
  const p = selection.problem
  return {
    kind: 'schedule',
    startUs: [...selection.head],
    endUs: Array.from(
      selection.head,
      (start, t) => start + p.timeUs[t * p.kinds + p.kindOfCore[selection.core[t]]],
    ),
    core: Array.from(selection.core, (core) => p.kindNames[p.kindOfCore[core]]),
    coreId: Array.from(selection.core, (core) => core - p.firstCore[p.kindOfCore[core]]),
  }
}

function dispatchTrials(p: PlaceProblem): number {
  return Math.max(150, Math.min(11_000, Math.round(2.4e7 / p.tasks)))
}

function tabuMoves(p: PlaceProblem): number {
  return Math.max(2000, Math.min(250_000, Math.round(2e7 / p.tasks)))
}
