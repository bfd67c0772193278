/** A* queue of label numbers: smallest estimate first, then most factors placed, then the older label. */
export class LabelQueue {
  private readonly heap: number[] = []
  private readonly estimate: readonly number[]
  private readonly progress: readonly number[]

  /** @param estimate @param progress by label number; both may grow while the queue lives */
  constructor(estimate: readonly number[], progress: readonly number[]) {
    this.estimate = estimate
    this.progress = progress
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
    if (this.estimate[a] !== this.estimate[b]) return this.estimate[a] < this.estimate[b]
    if (this.progress[a] !== this.progress[b]) return this.progress[a] > this.progress[b]
    return a < b
  }
}
