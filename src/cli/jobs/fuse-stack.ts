import {
  createFuseEngine,
  exploreStack,
  type FuseEngine,
  type FuseSetting,
  type StackJob,
  type StackJobResult,
} from '../../fuse/index.js'
import type { Run } from '../../model/index.js'

export interface FuseStackJob {
  readonly setting: FuseSetting
  readonly job: StackJob
}

/** One engine per setting and worker thread: jobs profit from layer problems that others have solved. */
let last: { readonly key: string; readonly engine: FuseEngine } | undefined

export function run({ setting, job }: FuseStackJob, run: Run): StackJobResult {
  return exploreStack(engineOf(setting), job, run)
}

export function engineOf(setting: FuseSetting): FuseEngine {
  const key = JSON.stringify(setting)
  if (last?.key !== key) last = { key, engine: createFuseEngine(setting) }
  return last.engine
}
