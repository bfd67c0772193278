import {
  bestSoFar,
  createFuseEngine,
  detailStack,
  planExploration,
  searchStacks,
  type ExplorationRequest,
  type FuseSetting,
  type Priced,
  type StackDetail,
} from '../../fuse/index.js'
import type { Run } from '../../model/index.js'

export interface FuseSearchJob {
  readonly setting: FuseSetting
  readonly request: ExplorationRequest
}

/** A search and the stacks that it chose in full detail; none when nothing fits. */
export interface FuseSearchResult {
  readonly search: Priced
  readonly stacks: readonly StackDetail[]
}

/** One job for the whole search: every step of it builds on what all the others have found out. */
export function run({ setting, request }: FuseSearchJob, run: Run): FuseSearchResult {
  const engine = createFuseEngine(setting, run.cancelled)
  const plan = planExploration(engine, request)
  const search = searchStacks(engine, request, plan, run)
  const best = bestSoFar(engine, request, plan, search.results)
  return {
    search,
    stacks: 'objective' in best ? best.stacks.map((chosen) => detailStack(engine, chosen)) : [],
  }
}
