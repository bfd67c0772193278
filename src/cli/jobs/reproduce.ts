import type { Run } from '../../model/index.js'
import { reproductions } from '../../reproduce/index.js'

export interface ReproduceJob {
  readonly system: string
  readonly job: unknown
}

export async function run({ system, job }: ReproduceJob, run: Run): Promise<unknown> {
  return (await reproductions[system].load()).work(job, run)
}
