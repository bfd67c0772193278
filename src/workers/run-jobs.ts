import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { MessageChannel } from 'node:worker_threads'
import { Tinypool } from 'tinypool'
import type { Progress } from '../model/index.js'
import type { JobMessage } from './job-worker.js'

export interface JobOptions<R> {
  /** Worker threads, ≥ 1; more than there are jobs is no use. */
  readonly threads: number
  readonly seed: number
  /** Aborting makes every job return its best so far as soon as it looks; it does not kill them. */
  readonly signal: AbortSignal
  /** When not to wait for the jobs any more, and the error that all of them end with then. */
  readonly abandon?: { readonly signal: AbortSignal; readonly error: () => Error }
  /** For all jobs together. */
  readonly timeLimitS?: number
  onProgress?(job: number, progress: Progress): void
  onDone?(job: number, result: R): void
}

/** All cores of the machine: the default of `--threads`. */
export function defaultThreads(): number {
  return availableParallelism()
}

/**
 * Calls `run(args, run)` of a module once per job on worker threads and returns the results in job order, so the
 * outcome does not depend on the number of threads. Arguments and results must be structured-cloneable.
 * @param module URL of a module that exports `run`
 */
export async function runJobs<A, R>(
  module: URL,
  jobs: readonly A[],
  options: JobOptions<R>,
): Promise<R[]> {
  // Node 20 aborts when the compiler of a thread that is being closed wants to start marking a little at a time: it asks
  // the platform for a task runner that is gone already. Marking at once, when it is due, needs none.
  setFlagsFromString('--no-incremental-marking')
  const pool = new Tinypool({
    filename: new URL('./job-worker.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: Math.max(1, Math.min(options.threads, jobs.length)),
  })
  const stop = new SharedArrayBuffer(4)
  const { promise: abandoned, reject: leave } = rejectable()
  const onAbort = (): void => {
    Atomics.store(new Int32Array(stop), 0, 1)
  }
  const { abandon } = options
  const onAbandon = (): void => {
    if (abandon !== undefined) leave(abandon.error())
  }
  if (options.signal.aborted) onAbort()
  options.signal.addEventListener('abort', onAbort)
  if (abandon?.signal.aborted) onAbandon()
  abandon?.signal.addEventListener('abort', onAbandon)
  const deadlineMs =
    options.timeLimitS === undefined ? undefined : Date.now() + 1000 * options.timeLimitS
  try {
    const all = Promise.all(
      jobs.map(async (args, job) => {
        const { port1, port2 } = new MessageChannel()
        port1.on('message', (progress: Progress) => options.onProgress?.(job, progress))
        const message: JobMessage = {
          module: module.href,
          args,
          seed: options.seed,
          stop,
          port: port2,
          ...(deadlineMs === undefined ? {} : { deadlineMs }),
        }
        try {
          const result = (await pool.run(message, { transferList: [port2] })) as R
          options.onDone?.(job, result)
          return result
        } finally {
          // An open port keeps the process alive: also those of jobs that end because another one failed.
          port1.close()
        }
      }),
    )
    return await Promise.race([all, abandoned])
  } finally {
    options.signal.removeEventListener('abort', onAbort)
    abandon?.signal.removeEventListener('abort', onAbandon)
    await pool.destroy()
  }
}

/** A promise that only ever fails, and may do so before anybody waits for it. */
function rejectable(): { readonly promise: Promise<never>; readonly reject: (e: Error) => void } {
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<never>((_, fail) => {
    reject = fail
  })
  promise.catch(() => undefined)
  return { promise, reject }
}
