/** Places of the list whose best one is remembered together. */
const BLOCK = 64
const SHIFT = 6
const UNKNOWN = -1

/**
 * Tasks that could start now, in no order, with two keys each. The task of highest key is found by looking at the best
 * of every block of places; only blocks that changed are looked through again, so thousands of ready tasks cost little.
 * A task that leaves is replaced by the last one; of equal keys the earlier place wins.
 */
export class ReadyList {
  count = 0
  readonly task: Int32Array
  private readonly keys: readonly Float64Array[]
  /** [key][block]: place of the block's best task by that key. */
  private readonly best: readonly Int32Array[]

  /** @param keys by task; a task's keys do not change while it is on the list */
  constructor(tasks: number, keys: readonly Float64Array[]) {
    this.task = new Int32Array(tasks)
    this.keys = keys
    this.best = keys.map(() => new Int32Array((tasks >> SHIFT) + 1))
  }

  clear(): void {
    this.count = 0
    for (const best of this.best) best.fill(UNKNOWN)
  }

  add(task: number): void {
    const place = this.count++
    this.task[place] = task
    const block = place >> SHIFT
    for (let k = 0; k < this.best.length; k++) {
      const known = this.best[k][block]
      if (known === UNKNOWN) continue
      const key = this.keys[k]
      if (key[task] > key[this.task[known]]) this.best[k][block] = place
    }
  }

  /** Takes the task of highest key off the list, which must not be empty. */
  take(k: number): number {
    const { task } = this
    const key = this.keys[k]
    const best = this.best[k]
    let place = this.bestOfBlock(k, 0)
    for (let block = 1; block << SHIFT < this.count; block++) {
      const rival = best[block] === UNKNOWN ? this.bestOfBlock(k, block) : best[block]
      if (key[task[rival]] > key[task[place]]) place = rival
    }
    const taken = task[place]
    this.removeAt(place)
    return taken
  }

  remove(task: number): void {
    this.removeAt(this.task.indexOf(task))
  }

  private removeAt(place: number): void {
    const last = --this.count
    this.task[place] = this.task[last]
    for (const best of this.best) {
      best[place >> SHIFT] = UNKNOWN
      best[last >> SHIFT] = UNKNOWN
    }
  }

  private bestOfBlock(k: number, block: number): number {
    const known = this.best[k][block]
    if (known !== UNKNOWN) return known
    const { task } = this
    const key = this.keys[k]
    const from = block << SHIFT
    const to = Math.min(from + BLOCK, this.count)
    let place = from
    for (let i = from + 1; i < to; i++) if (key[task[i]] > key[task[place]]) place = i
    this.best[k][block] = place
    return place
  }
}
