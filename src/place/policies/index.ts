import { InfeasibleError, InputError } from '../../base/index.js'
import type { Run, Schedule, SearchStatus } from '../../model/index.js'
import { auto, quickEffort, thoroughEffort, type AutoEffort } from '../auto/auto.js'
import { lowerBounds, type LowerBounds } from '../bounds/lower-bounds.js'
import { compileProblem } from '../compile-problem.js'
import { dls, etf, lookahead, maxMin, minMin, sufferage } from '../list/dynamic-list.js'
import type { ScheduleBuilder } from '../list/schedule-builder.js'
import { cpop, heft, peft } from '../list/static-list.js'
import { hasWholeTimes, type PlaceProblem, type PlaceRequest } from '../problem.js'
import {
  fifoGraphOf,
  hillClimb,
  npuFirstMapping,
  randomMapping,
  SelfTimed,
  type AcceptedFlip,
  type FifoGraph,
} from '../published/index.js'

/** A placement and how it is known. */
export interface Placement {
  readonly schedule: Schedule
  readonly makespanUs: number
  readonly bounds: LowerBounds
  /** Nothing can be below this. */
  readonly lowerBoundUs: number
  readonly status: SearchStatus
  readonly evaluations: number
  /** Candidates cut off without being computed, per rule. */
  readonly pruned: Readonly<Record<string, number>>
  readonly method: string
  /** Flips kept by the hill climbing; only of `prism`. */
  readonly accepted?: readonly AcceptedFlip[]
}

/** A way to place operations. */
export interface PlacePolicy {
  readonly summary: string
  place(request: PlaceRequest, run: Run): Placement
}

/** Seed of the published random mapping. */
const PUBLISHED_SEED = 42

function portfolio(summary: string, effort: AutoEffort): PlacePolicy {
  return {
    summary,
    place(request, run) {
      const p = compileProblem(request)
      const found = auto(p, effort, run)
      const placed = settle(
        p,
        found.schedule,
        found.makespanUs,
        found.bounds,
        found.evaluations,
        found.method,
      )
      return found.proved
        ? { ...placed, lowerBoundUs: found.makespanUs, status: 'optimal' as const }
        : placed
    },
  }
}

function list(
  summary: string,
  build: (p: PlaceProblem, cancelled: () => boolean) => ScheduleBuilder,
): PlacePolicy {
  return {
    summary,
    place(request, run) {
      const p = compileProblem(request)
      const builder = build(p, run.cancelled)
      const method = builder.cutShort ? 'list schedule, cut short' : 'list schedule'
      return conclude(p, builder.schedule(), builder.makespanUs(), 1, method)
    },
  }
}

function published(summary: string, mapping: 'random' | 'npu-first' | 'prism'): PlacePolicy {
  return {
    summary,
    place(request, run) {
      const p = compileProblem(request)
      requirePlain(p, mapping)
      const graph = fifoGraphOf(request)
      const { inputs } = request.applications[0]
      const counts = request.soc.cores.map((kind) => kind.count)
      const executor = new SelfTimed(graph, counts, inputs, request.clockUs)
      const kinds =
        mapping === 'npu-first' ? npuFirstMapping(graph) : randomMapping(graph, PUBLISHED_SEED)
      requireRunnable(graph, kinds, request)
      if (mapping === 'prism') {
        const climb = hillClimb(executor, graph, kinds, run)
        const placed = conclude(
          p,
          executor.schedule(),
          climb.makespanUs,
          climb.evaluations,
          `hill climbing, ${climb.passes} passes`,
        )
        return { ...placed, accepted: climb.accepted }
      }
      const makespanUs = executor.run(kinds)
      return conclude(p, executor.schedule(), makespanUs, 1, 'first come, first served')
    },
  }
}

/** Every policy by the name that `--policy` accepts. */
export const policies: Readonly<Record<string, PlacePolicy>> = {
  auto: portfolio('portfolio: lists, dispatch rules, tabu search, exact search', quickEffort),
  exact: portfolio('auto, then exact search until nothing shorter can exist', thoroughEffort),
  random: published('published: random mapping (seed 42), first come first served', 'random'),
  'npu-first': published(
    'published: everything the first kind supports on it, first come first served',
    'npu-first',
  ),
  prism: published('published: hill climbing over mappings from the random one', 'prism'),
  heft: list('upward rank, earliest finish, insertion (Topcuoglu 2002)', heft),
  cpop: list('critical path on one processor (Topcuoglu 2002)', cpop),
  peft: list('predict earliest finish time (Arabnejad 2014)', peft),
  'min-min': list('the ready task that can end first', minMin),
  'max-min': list('the ready task whose earliest end is last', maxMin),
  sufferage: list('the ready task that would lose most', sufferage),
  etf: list('the ready task that can start first (Hwang 1989)', etf),
  dls: list('dynamic level (Sih 1993)', dls),
  lookahead: list('HEFT that looks at the children (Bittencourt 2010)', lookahead),
}

/** Published policies know neither transfers nor memory nor arrivals, and need a core of each kind they map to. */
function requirePlain(p: PlaceProblem, policy: string): void {
  const reasons = [
    ...(p.hasTransfers ? ['transfers'] : []),
    ...(p.hasResidency ? ['weights in limited memory'] : []),
    ...(p.releaseUs.some((release) => release > 0) ? ['releases after time 0'] : []),
  ]
  if (reasons.length > 0) {
    throw new InputError({
      code: 'E-PLACE-005',
      message: `the published policy "${policy}" knows no ${reasons.join(' and no ')}`,
      hint: 'use another policy, or leave these out of the SoC and the network',
    })
  }
}

/** Where the published program would wait for ever. */
function requireRunnable(graph: FifoGraph, mapping: Int8Array, request: PlaceRequest): void {
  const { operations } = request.applications[0].graph
  const stuck = operations.filter(
    (_, op) => graph.timeUs[op * graph.kinds.length + mapping[op]] === Infinity,
  )
  if (stuck.length === 0) return
  throw new InfeasibleError({
    code: 'E-PLACE-006',
    message: `the published policy puts "${stuck[0].name}" on ${graph.kinds[graph.kinds.length - 1]}, where it cannot run; ${stuck.length} operations in all`,
    hint: 'give the SoC a core of that kind, or use --policy auto',
  })
}

function conclude(
  p: PlaceProblem,
  schedule: Schedule,
  makespanUs: number,
  evaluations: number,
  method: string,
): Placement {
  return settle(p, schedule, makespanUs, lowerBounds(p), evaluations, method)
}

function settle(
  p: PlaceProblem,
  schedule: Schedule,
  makespanUs: number,
  bounds: LowerBounds,
  evaluations: number,
  method: string,
): Placement {
  // With whole numbers throughout, no makespan lies between two of them.
  const best = hasWholeTimes(p) ? Math.ceil(bounds.bestUs - 1e-6) : bounds.bestUs
  return {
    schedule,
    makespanUs,
    bounds,
    lowerBoundUs: Math.min(best, makespanUs),
    status: makespanUs <= best * (1 + 1e-9) ? 'optimal' : 'gap',
    evaluations,
    pruned: {},
    method,
  }
}
