import type { Run } from '../model/index.js'
import { bestPartition } from './best-partition.js'
import type { Hopeless } from './bound-stack.js'
import { bestSoFar } from './conclude-exploration.js'
import { CoverFloors, type RangeCost } from './cover-floors.js'
import { directionsOf, type Directions } from './directions.js'
import type { StackPoint } from './explore.js'
import type { FuseEngine } from './fuse-engine.js'
import { objectiveOf } from './objective.js'
import { clip, type ExplorationPlan, type ExplorationRequest } from './plan-exploration.js'
import type { Priced } from './priced.js'
import { neighbourJobs } from './refine-tiles.js'
import { Candidates, type Candidate } from './stack-candidates.js'

/** Sums of equal costs differ in their last digits: what is no worse than by this is not yet out of the question. */
const SAME = 1 + 1e-9

/**
 * The best partition into stacks with the best mode and tile each, evaluated lazily: every candidate starts with a lower
 * bound, and only the one through which the best schedule might still lead is bounded more closely, at last priced. It
 * ends when no candidate is left that might be part of a schedule as good as the best one, so that the result is that of
 * pricing all of them, ties included; its points are in the order in which candidates were named.
 */
export function searchStacks(
  engine: FuseEngine,
  request: ExplorationRequest,
  plan: ExplorationPlan,
  run: Run,
): Priced {
  return new LazySearch(engine, request, plan, run).search()
}

/** A candidate is bounded until the schedule through it costs so many times what it seemed to, then others have their turn. */
const STEP = 1.02

/** A candidate that may still be in a schedule as good as the best one known. */
interface Open {
  readonly range: RangeCandidates
  readonly candidate: Candidate
}

/** What a search looks at next. */
interface Next extends Open {
  /** Objective that a schedule with it has at least. */
  readonly through: number
}

class LazySearch {
  private readonly candidates: Candidates
  /** Whether exact bounds of energy are taken for prices until the end. */
  private trustsBounds: boolean
  /** Where each stack has a mode and tile of its own, and the search was stopped: no schedule is below. */
  private lowerBound: number | undefined

  constructor(
    private readonly engine: FuseEngine,
    private readonly request: ExplorationRequest,
    private readonly plan: ExplorationPlan,
    private readonly run: Run,
  ) {
    this.candidates = new Candidates(engine)
    this.trustsBounds = engine.objective === 'energy'
  }

  search(): Priced {
    const { engine, request, plan, candidates } = this
    const asked = engine.solver.startCounting()
    candidates.add(plan.jobs)
    candidates.add(plan.candidates)
    // The layers one by one are a schedule that is always there, stopped or not.
    for (const range of [...plan.singles, ...plan.layerByLayer]) {
      this.price(candidates.of(range, request.modes[0], engine.outputSize(range.last)))
    }
    if (request.perStack) this.settle(candidates.all, Infinity)
    else this.settleUniform()
    if (request.tiles === 'auto') this.refine()
    this.priceAsked()
    if (this.run.cancelled()) this.priceBounded()
    const count = (knowledge: Candidate['knowledge']): number =>
      candidates.all.filter((each) => each.knowledge === knowledge).length
    return {
      results: [{ points: this.points(), ...asked() }],
      considered: candidates.all.length,
      pruned: {
        byRange: count('range'),
        byTiles: count('tiles'),
        byLayers: count('layers'),
        byMappings: count('all'),
      },
      complete: !this.run.cancelled(),
      ...(this.lowerBound === undefined ? {} : { lowerBound: this.lowerBound }),
    }
  }

  /** One mode and tile for all stacks: each combination is a partition problem of its own. */
  private settleUniform(): void {
    const { engine, request, plan, candidates } = this
    let incumbent = Infinity
    for (const mode of request.modes) {
      for (const tile of plan.uniformTiles) {
        const active = plan.ranges.map((range) =>
          candidates.of(range, mode, clip(tile, engine.outputSize(range.last))),
        )
        incumbent = Math.min(incumbent, this.settle(active, incumbent))
      }
    }
  }

  /** Halves and doubles the tiles of the best schedule until none is better. */
  private refine(): void {
    const { engine, request, candidates } = this
    for (let before = Infinity; ;) {
      const best = this.best()
      if (!('objective' in best) || best.objective >= before || this.run.cancelled()) return
      before = best.objective
      const jobs = neighbourJobs(engine, request.modes, best.stacks, [{ points: candidates.all }])
      if (jobs.length === 0) return
      candidates.add(jobs)
      this.settle(candidates.all, Infinity)
    }
  }

  /** Tiles that were asked for by name, or are to be drawn, are priced for the best stacks, whatever they cost. */
  private priceAsked(): void {
    const { engine, request, plan, candidates } = this
    const best = this.best()
    if (!('objective' in best)) return
    const isDrawn = request.drawsGrid === true && best.stacks.length === 1
    if (request.tiles === 'auto' && !isDrawn) return
    for (const range of best.stacks) {
      for (const mode of request.modes) {
        for (const tile of plan.uniformTiles) {
          if (this.run.cancelled()) return
          this.price(candidates.of(range, mode, clip(tile, engine.outputSize(range.last))))
        }
      }
    }
  }

  private best(): ReturnType<typeof bestSoFar> {
    const { engine, request, plan } = this
    return bestSoFar(engine, request, plan, [{ points: this.points(), problems: [], asked: 0 }])
  }

  private points(): StackPoint[] {
    return this.candidates.all.flatMap(({ point }) => (point === undefined ? [] : [point]))
  }

  /**
   * Prices or bounds candidates until none is left open that might lead to a schedule as good as the best.
   * @param incumbent objective of a schedule known from elsewhere
   * @returns objective of the best schedule of these candidates; Infinity when none is as good as the incumbent
   */
  private settle(active: readonly Candidate[], incumbent: number): number {
    const { objective } = this.engine
    const ranges = new Map<string, RangeCandidates>()
    for (const each of active) {
      const key = `${each.first}-${each.last}`
      const range = ranges.get(key) ?? new RangeCandidates(each.first, each.last)
      ranges.set(key, range)
      range.candidates.push(each)
    }
    const all = [...ranges.values()]
    const directions = directionsOf(objective, this.pjPerCycle())
    all.forEach((range) => range.update(directions))
    const floors = new CoverFloors(this.plan.singles.length, all, directions)
    let known = this.bestKnown(all)
    // Bounds rise and the limit falls: what is above it once is out of the question, until bounds prove not to be exact.
    let open = openOf(all)
    for (let { trustsBounds } = this; ;) {
      const limit = Math.min(known, incumbent) * SAME
      if (trustsBounds !== this.trustsBounds) {
        trustsBounds = this.trustsBounds
        open = openOf(all)
      }
      const next = this.nextOf(open, floors, limit)
      if (next === undefined) return known
      if (this.run.cancelled()) {
        if (this.request.perStack) this.lowerBound = floors.least
        return known
      }
      const { range, candidate, through } = next
      this.run.progress({
        message: `${active.length} stack points, best ${known === Infinity ? 'unknown' : known.toPrecision(6)}`,
        fraction: 1 - open.length / active.length,
      })
      const isKnown = this.isKnown(candidate)
      if (candidate.knowledge === 'all') this.price(candidate)
      else {
        // Beyond that, another candidate may lead to a better schedule: this one waits.
        const enough = Math.min(limit, through * STEP)
        this.bound(
          candidate,
          (cost) => floors.through(range, cost) > enough || this.run.cancelled(),
        )
      }
      range.update(directions)
      floors.update()
      if (this.isKnown(candidate) || isKnown) known = this.bestKnown(all)
    }
  }

  /** Energy over latency of the layers one by one: where schedules are expected. */
  private pjPerCycle(): number {
    const { engine, request, plan, candidates } = this
    const alone = plan.singles.map((range) =>
      candidates.of(range, request.modes[0], engine.outputSize(range.last)),
    )
    const energyPj = alone.reduce((sum, each) => sum + each.energyPj, 0)
    const latencyCycles = alone.reduce((sum, each) => sum + each.latencyCycles, 0)
    return Number.isFinite(energyPj) && latencyCycles > 0 ? energyPj / latencyCycles : 1
  }

  /**
   * The open candidate with the least bound of a schedule through it; those that wait to be priced come last. Takes those
   * that are open no more from the list.
   */
  private nextOf(open: Open[], floors: CoverFloors, limit: number): Next | undefined {
    let left = 0
    let best: Next | undefined
    let bestIsKnown = true
    for (const each of open) {
      const { range, candidate } = each
      if (candidate.point !== undefined) continue
      const isKnown = this.isKnown(candidate)
      const rival = best !== undefined && isKnown === bestIsKnown ? best.through : limit
      const through = floors.through(range, candidate, Math.min(limit, rival))
      if (through > limit) continue
      open[left++] = each
      if (isKnown && !bestIsKnown) continue
      if (isKnown === bestIsKnown && best !== undefined && through >= best.through) continue
      bestIsKnown = isKnown
      best = { range, candidate, through }
    }
    open.length = left
    return best
  }

  /** Whether the cost of a candidate counts as known: its price, or an exact bound of its energy. */
  private isKnown({ knowledge, point }: Candidate): boolean {
    if (point !== undefined) return point.summary !== undefined
    return this.trustsBounds && knowledge === 'all'
  }

  /** Objective of the best schedule of candidates whose cost is known. */
  private bestKnown(ranges: readonly RangeCandidates[]): number {
    const { objective } = this.engine
    const known = ranges.flatMap(({ candidates }) =>
      candidates.filter((each) => this.isKnown(each)),
    )
    const best = bestPartition(this.plan.singles.length, known, objective)
    return best === undefined ? Infinity : objectiveOf(objective, best)
  }

  private bound(candidate: Candidate, isHopeless: Hopeless): void {
    const { mode, tile } = candidate
    const found = this.engine.bound(candidate, mode, tile, isHopeless)
    if ('code' in found) {
      this.conclude(candidate, { misfit: found })
      return
    }
    candidate.energyPj = Math.max(candidate.energyPj, found.energyPj)
    candidate.latencyCycles = Math.max(candidate.latencyCycles, found.latencyCycles)
    candidate.knowledge = found.depth
  }

  private price(candidate: Candidate): void {
    if (candidate.point !== undefined) return
    const { mode, tile, knowledge, energyPj } = candidate
    const found = this.engine.price(candidate, mode, tile)
    if ('code' in found) {
      this.conclude(candidate, { misfit: found })
      return
    }
    // An exact bound that was none (rounding, halos) is not to be built upon.
    if (knowledge === 'all' && found.energyPj > energyPj * SAME) this.trustsBounds = false
    candidate.energyPj = found.energyPj
    candidate.latencyCycles = found.latencyCycles
    this.conclude(candidate, { summary: found })
  }

  private conclude(candidate: Candidate, outcome: Pick<StackPoint, 'summary' | 'misfit'>): void {
    const { first, last, mode, tile } = candidate
    candidate.knowledge = 'priced'
    candidate.point = { first, last, mode, tile, ...outcome }
    if (outcome.misfit !== undefined) {
      candidate.energyPj = Infinity
      candidate.latencyCycles = Infinity
    }
  }

  /** Stopped: the best schedule of what is known becomes one of prices. */
  private priceBounded(): void {
    const known = this.candidates.all.filter((each) => this.isKnown(each))
    const best = bestPartition(this.plan.singles.length, known, this.engine.objective)
    best?.stacks.forEach((candidate) => this.price(candidate))
  }
}

function openOf(ranges: readonly RangeCandidates[]): Open[] {
  return ranges.flatMap((range) => range.candidates.map((candidate) => ({ range, candidate })))
}

/** The candidates of one run of layers, and the least that any of them costs. */
class RangeCandidates implements RangeCost {
  readonly candidates: Candidate[] = []
  readonly first: number
  readonly last: number
  least: readonly number[] = []

  constructor(first: number, last: number) {
    this.first = first
    this.last = last
  }

  update({ count, valueOf }: Directions): void {
    this.least = Array.from({ length: count }, (_, d) =>
      this.candidates.reduce((least, each) => Math.min(least, valueOf(d, each)), Infinity),
    )
  }
}
