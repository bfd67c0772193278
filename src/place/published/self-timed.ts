import type { Schedule } from '../../model/index.js'

/** What the published ordering step needs to know of a network: times of one input per kind, and who waits for whom. */
export interface FifoGraph {
  readonly ops: number
  /** Names of the core kinds; index 0 is preferred by the mapping `any`. */
  readonly kinds: readonly string[]
  /** [op × kinds + kind], µs; Infinity where the operation cannot run. */
  readonly timeUs: Float64Array
  readonly predCount: Int32Array
  readonly succStart: Int32Array
  readonly succ: Int32Array
}

/** Mapping value of an operation that takes whichever kind has a free core, lowest kind first. */
export const ANY_KIND = -1

/**
 * Self-timed execution with a FIFO ready list (specification §5), for any number of mappings: every operation starts
 * as soon as its predecessors have ended and a core of its kind is free, oldest first, ties by instance number.
 *
 * With `clockUs` > 0 things happen on ticks only: a core and the successors of an operation are released at the first
 * tick not before its end. With `clockUs` = 0 time is continuous. Both are one event loop here: between two completion
 * events nothing can start, so ticks without one are never visited.
 */
export class SelfTimed {
  readonly instances: number
  readonly startUs: Float64Array
  readonly endUs: Float64Array
  readonly kind: Uint8Array
  readonly coreId: Int32Array
  private readonly pending: Int32Array
  private readonly pendingTemplate: Int32Array
  private readonly ready: Int32Array[]
  private readonly newlyReady: Int32Array
  private readonly runningTask: Int32Array
  /** When each core is released; Infinity while it is free. */
  private readonly releaseUs: Float64Array
  private readonly firstCore: Int32Array
  private readonly cores: number
  private readonly graph: FifoGraph
  private readonly clockUs: number

  /** @param coreCount cores per kind, ≥ 0 */
  constructor(graph: FifoGraph, coreCount: readonly number[], inputs: number, clockUs: number) {
    this.graph = graph
    this.clockUs = clockUs
    const n = graph.ops * inputs
    this.instances = n
    this.startUs = new Float64Array(n)
    this.endUs = new Float64Array(n)
    this.kind = new Uint8Array(n)
    this.coreId = new Int32Array(n)
    this.pending = new Int32Array(n)
    this.pendingTemplate = new Int32Array(n)
    for (let b = 0; b < inputs; b++) this.pendingTemplate.set(graph.predCount, b * graph.ops)
    this.ready = graph.kinds.map(() => new Int32Array(n))
    this.newlyReady = new Int32Array(n)
    this.firstCore = new Int32Array(graph.kinds.length + 1)
    coreCount.forEach((count, kind) => {
      this.firstCore[kind + 1] = this.firstCore[kind] + count
    })
    this.cores = this.firstCore[graph.kinds.length]
    this.runningTask = new Int32Array(this.cores)
    this.releaseUs = new Float64Array(this.cores)
  }

  /**
   * Executes all inputs with one mapping and returns the makespan in µs; the schedule stays in the fields until the
   * next call. The caller guarantees that every mapped operation can run on its kind and that the kind has a core.
   * @param mapping kind per operation, or {@link ANY_KIND}
   */
  run(mapping: Int8Array): number {
    return mapping.includes(ANY_KIND) ? this.runShared(mapping) : this.runQueues(mapping)
  }

  /** The schedule of the last run as a value. */
  schedule(): Schedule {
    return {
      kind: 'schedule',
      startUs: [...this.startUs],
      endUs: [...this.endUs],
      core: Array.from(this.kind, (kind) => this.graph.kinds[kind]),
      coreId: [...this.coreId],
    }
  }

  /** One FIFO queue per kind: kinds never wait for each other. */
  private runQueues(mapping: Int8Array): number {
    const { ops, kinds } = this.graph
    const { firstCore, ready, runningTask, newlyReady, pending } = this
    pending.set(this.pendingTemplate)
    runningTask.fill(-1)
    this.releaseUs.fill(Infinity)
    const head = new Int32Array(kinds.length)
    const tail = new Int32Array(kinds.length)
    for (let i = 0; i < pending.length; i++) {
      if (pending[i] === 0) {
        const kind = mapping[i % ops]
        ready[kind][tail[kind]++] = i
      }
    }
    let now = 0
    let makespan = 0
    for (;;) {
      for (let kind = 0; kind < kinds.length; kind++) {
        const queue = ready[kind]
        const end = firstCore[kind + 1]
        for (let core = firstCore[kind]; core < end && head[kind] < tail[kind]; core++) {
          if (runningTask[core] >= 0) continue
          const ended = this.start(queue[head[kind]++], kind, core, now)
          if (ended > makespan) makespan = ended
        }
      }
      now = this.nextEvent()
      if (now === Infinity) return makespan
      const count = this.complete(now)
      for (let j = 0; j < count; j++) {
        const i = newlyReady[j]
        const kind = mapping[i % ops]
        ready[kind][tail[kind]++] = i
      }
    }
  }

  /** One list for all kinds, walked from oldest to newest, as the mapping `any` demands. */
  private runShared(mapping: Int8Array): number {
    const { ops, kinds, timeUs } = this.graph
    const { firstCore, runningTask, newlyReady, pending } = this
    const list = this.ready[0]
    pending.set(this.pendingTemplate)
    runningTask.fill(-1)
    this.releaseUs.fill(Infinity)
    let length = 0
    for (let i = 0; i < pending.length; i++) if (pending[i] === 0) list[length++] = i
    let now = 0
    let makespan = 0
    for (;;) {
      let kept = 0
      for (let j = 0; j < length; j++) {
        const i = list[j]
        const wanted = mapping[i % ops]
        let found = -1
        let kind = wanted === ANY_KIND ? 0 : wanted
        const last = wanted === ANY_KIND ? kinds.length - 1 : wanted
        for (; kind <= last && found < 0; kind++) {
          if (timeUs[(i % ops) * kinds.length + kind] === Infinity) continue
          for (let core = firstCore[kind]; core < firstCore[kind + 1]; core++) {
            if (runningTask[core] < 0) {
              found = core
              break
            }
          }
        }
        if (found < 0) {
          list[kept++] = i
          continue
        }
        const ended = this.start(i, kind - 1, found, now)
        if (ended > makespan) makespan = ended
      }
      length = kept
      now = this.nextEvent()
      if (now === Infinity) return makespan
      const count = this.complete(now)
      for (let j = 0; j < count; j++) list[length++] = newlyReady[j]
    }
  }

  private start(i: number, kind: number, core: number, now: number): number {
    const { graph, clockUs } = this
    const end = now + graph.timeUs[(i % graph.ops) * graph.kinds.length + kind]
    this.startUs[i] = now
    this.endUs[i] = end
    this.kind[i] = kind
    this.coreId[i] = core - this.firstCore[kind]
    this.runningTask[core] = i
    this.releaseUs[core] = clockUs > 0 ? tickNotBefore(end, now, clockUs) : end
    return end
  }

  private nextEvent(): number {
    const { releaseUs, cores } = this
    let next = Infinity
    for (let core = 0; core < cores; core++) if (releaseUs[core] < next) next = releaseUs[core]
    return next
  }

  /** Ends everything released at `now`; returns how many instances became ready, ascending in `newlyReady`. */
  private complete(now: number): number {
    const { runningTask, releaseUs, pending, newlyReady, graph, cores } = this
    const { ops, succStart, succ } = graph
    let count = 0
    for (let core = 0; core < cores; core++) {
      if (releaseUs[core] !== now) continue
      const i = runningTask[core]
      runningTask[core] = -1
      releaseUs[core] = Infinity
      const op = i % ops
      const base = i - op
      for (let e = succStart[op]; e < succStart[op + 1]; e++) {
        const next = base + succ[e]
        if (--pending[next] > 0) continue
        let place = count++
        while (place > 0 && newlyReady[place - 1] > next) {
          newlyReady[place] = newlyReady[place - 1]
          place--
        }
        newlyReady[place] = next
      }
    }
    return count
  }
}

/** First multiple of the clock that is ≥ `end` and after `start`, decided with the doubles that the tick loop compares. */
function tickNotBefore(end: number, start: number, clockUs: number): number {
  let tick = Math.ceil(end / clockUs)
  if ((tick - 1) * clockUs >= end) tick--
  if (tick * clockUs < end) tick++
  const release = tick * clockUs
  return release > start ? release : start + clockUs
}
