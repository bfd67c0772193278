import {
  concludeExploration,
  createFuseEngine,
  planExploration,
  type Exploration,
  type FuseSetting,
  type StackDetail,
  type StackJobResult,
} from '../../fuse/index.js'
import type { FuseDetailJob } from '../jobs/fuse-detail.js'
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

/** Explores on worker threads and details the winner. */
export async function computeFuse(
  session: Session,
  setting: FuseSetting,
  { request, objective }: FuseQuestion,
): Promise<FuseAnswer> {
  const started = Date.now()
  const engine = createFuseEngine(setting)
  const plan = planExploration(engine, request)
  let done = 0
  const results = await session.runJobs<FuseStackJob, StackJobResult>(
    'fuse-stack',
    plan.jobs.map((job) => ({ setting, job })),
    {
      onProgress: (_, { message }) => session.progress(message, done / plan.jobs.length),
      onDone: () =>
        session.progress(`${++done} of ${plan.jobs.length} stacks`, done / plan.jobs.length),
    },
  )
  const exploration = concludeExploration(engine, request, plan, results, objective)
  const stacks = await session.runJobs<FuseDetailJob, StackDetail>(
    'fuse-detail',
    exploration.best.stacks.map((chosen) => ({ setting, chosen })),
  )
  return { setting, exploration, stacks, seconds: (Date.now() - started) / 1000 }
}
