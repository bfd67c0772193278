import type { MessagePort } from 'node:worker_threads'
import type { Progress, Run } from '../model/index.js'

/** What the pool sends to a worker thread: which function to call, on what, and how to report. */
export interface JobMessage {
  readonly module: string
  readonly args: unknown
  readonly seed: number
  /** One shared 32-bit word: not 0 = stop with the best found so far. */
  readonly stop: SharedArrayBuffer
  /** Milliseconds since the epoch; absent = no limit. */
  readonly deadlineMs?: number
  readonly port: MessagePort
}

interface JobModule {
  run(args: unknown, run: Run): unknown
}

const PROGRESS_INTERVAL_MS = 80

export default async function work(message: JobMessage): Promise<unknown> {
  const job = (await import(message.module)) as JobModule
  const stop = new Int32Array(message.stop)
  const deadline = message.deadlineMs ?? Infinity
  let lastReport = 0
  try {
    return await job.run(message.args, {
      seed: message.seed,
      cancelled: () => Atomics.load(stop, 0) !== 0 || Date.now() > deadline,
      progress: (progress: Progress) => {
        const now = Date.now()
        if (now - lastReport < PROGRESS_INTERVAL_MS) return
        lastReport = now
        message.port.postMessage(progress)
      },
    })
  } finally {
    message.port.close()
  }
}
