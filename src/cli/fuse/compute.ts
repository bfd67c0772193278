import {
  allPriced,
  bestSoFar,
  concludeExploration,
  createFuseEngine,
  neighbourJobs,
  planExploration,
  promisingCandidates,
  type Exploration,
  type ExplorationPlan,
  type ExplorationRequest,
  type FuseEngine,
  type FuseSetting,
  type Priced,
  type StackDetail,
  type StackJob,
  type StackJobResult,
} from '../../fuse/index.js'
import type { FuseDetailJob } from '../jobs/fuse-detail.js'
import type { FuseSearchJob, FuseSearchResult } from '../jobs/fuse-search.js'
import type { FuseStackJob } from '../jobs/fuse-stack.js'
import type { Session } from '../session.js'
import type { FuseQuestion } from './options.js'

/** What `heddle fuse` found. */
export interface FuseAnswer {
  readonly setting: FuseSetting
  readonly exploration: Exploration
  /** The chosen stacks in full detail. */
  readonly stacks: readonly StackDetail[]
  readonly seconds: number
}

/**
 * Explores on worker threads and details the winner.
 * @param timeLimitS after so many seconds the best schedule so far will do
 */
export async function computeFuse(
  session: Session,
  setting: FuseSetting,
  { request }: FuseQuestion,
  timeLimitS = Infinity,
): Promise<FuseAnswer> {
  const started = Date.now()
  const deadlineMs = started + 1000 * timeLimitS
  const engine = createFuseEngine(setting)
  const plan = planExploration(engine, request)
  // Bounds hold for the standard model only.
  const isSearched = plan.fixed === undefined && setting.conventions === 'standard'
  const found = isSearched
    ? await search(
        session,
        setting,
        { ...request, drawsGrid: session.shared.out !== undefined },
        deadlineMs,
      )
    : await exploreAll(session, setting, engine, request, plan, deadlineMs)
  const exploration = concludeExploration(engine, request, plan, found.priced)
  const stacks =
    found.stacks ??
    (await session.runJobs<FuseDetailJob, StackDetail>(
      'fuse-detail',
      exploration.best.stacks.map((chosen) => ({ setting, chosen })),
    ))
  return { setting, exploration, stacks, seconds: (Date.now() - started) / 1000 }
}

interface Found {
  readonly priced: Priced
  readonly stacks?: readonly StackDetail[]
}

/** The best partition, bounds applied, in one job: its steps build upon each other. */
async function search(
  session: Session,
  setting: FuseSetting,
  request: ExplorationRequest,
  deadlineMs: number,
): Promise<Found> {
  const [found] = await session.runJobs<FuseSearchJob, FuseSearchResult>(
    'fuse-search',
    [{ setting, request }],
    {
      ...timeLeft(deadlineMs),
      onProgress: (_, { message, fraction }) => session.progress(message, fraction),
    },
  )
  return { priced: found.search, stacks: found.stacks }
}

/** Prices all tiles of all stacks, on all threads. */
async function exploreAll(
  session: Session,
  setting: FuseSetting,
  engine: FuseEngine,
  request: ExplorationRequest,
  plan: ExplorationPlan,
  deadlineMs: number,
): Promise<Found> {
  const price = (jobs: readonly StackJob[], what: string): Promise<StackJobResult[]> => {
    let done = 0
    return session.runJobs<FuseStackJob, StackJobResult>(
      'fuse-stack',
      jobs.map((job) => ({ setting, job })),
      {
        ...timeLeft(deadlineMs),
        onProgress: (_, { message }) => session.progress(`${what}: ${message}`, done / jobs.length),
        onDone: () => session.progress(what, ++done / jobs.length),
      },
    )
  }
  const first = await price(plan.jobs, 'pricing stacks')
  const known = bestSoFar(engine, request, plan, first)
  const promising = promisingCandidates(
    engine,
    plan,
    'objective' in known ? known.objective : Infinity,
  )
  const jobs = [...plan.jobs, ...promising.jobs]
  const results = [...first, ...(await price(promising.jobs, 'pricing further stacks'))]
  if (request.tiles === 'auto') await refine(engine, request, plan, jobs, results, price)
  return { priced: allPriced(jobs, results, promising.bounded) }
}

/** Prices the neighbours of the best tiles until none is better; adds to `jobs` and `results`. */
async function refine(
  engine: FuseEngine,
  request: ExplorationRequest,
  plan: ExplorationPlan,
  jobs: StackJob[],
  results: StackJobResult[],
  price: (jobs: readonly StackJob[], what: string) => Promise<StackJobResult[]>,
): Promise<void> {
  for (let before = Infinity; ;) {
    const best = bestSoFar(engine, request, plan, results)
    if (!('objective' in best) || best.objective >= before) return
    before = best.objective
    const more = neighbourJobs(engine, request.modes, best.stacks, results)
    if (more.length === 0) return
    jobs.push(...more)
    results.push(...(await price(more, 'refining tiles')))
  }
}

/** What a deadline leaves to jobs that begin now. */
function timeLeft(deadlineMs: number): { readonly timeLimitS?: number } {
  return deadlineMs === Infinity ? {} : { timeLimitS: (deadlineMs - Date.now()) / 1000 }
}
