/** What the queue reads, by label number; the lists may grow while it lives. */
interface QueuedLabels {
  readonly estimate: readonly number[]
  readonly estimatePj: readonly number[]
  readonly progress: readonly number[]
}

/** A* queue of label numbers: smallest estimate first, then least energy, then most factors placed, then the older label. */
export class LabelQueue {
  private readonly heap: number[] = []
  private readonly labels: QueuedLabels

  constructor(labels: QueuedLabels) {
    this.labels = labels
  }

  get size(): number {
    return this.heap.length
  }

  push(label: number): void {
    const { heap } = this
    let i = heap.length
    heap.push(label)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.before(label, heap[parent])) break
      heap[i] = heap[parent]
      i = parent
    }
    heap[i] = label
  }

  /** Removes and returns the first label. The queue must not be empty. */
  pop(): number {
    const { heap } = this
    const top = heap[0]
    const last = heap.pop() as number
    if (heap.length > 0) {
      let i = 0
      for (;;) {
        let child = 2 * i + 1
        if (child >= heap.length) break
        if (child + 1 < heap.length && this.before(heap[child + 1], heap[child])) child++
        if (!this.before(heap[child], last)) break
        heap[i] = heap[child]
        i = child
      }
      heap[i] = last
    }
    return top
  }

  private before(a: number, b: number): boolean {
    const { estimate, estimatePj, progress } = this.labels
    if (estimate[a] !== estimate[b]) return estimate[a] < estimate[b]
    if (estimatePj[a] !== estimatePj[b]) return estimatePj[a] < estimatePj[b]
    if (progress[a] !== progress[b]) return progress[a] > progress[b]
    return a < b
  }
}
