/** Busy intervals of one resource, sorted, without overlap. */
export class Timeline {
  private readonly starts: number[] = []
  private readonly ends: number[] = []

  /** End of the last interval; 0 when there is none. */
  get end(): number {
    return this.ends.length === 0 ? 0 : this.ends[this.ends.length - 1]
  }

  /** Earliest start ≥ `ready` of a free stretch of `length`, between intervals or after them. */
  earliest(ready: number, length: number): number {
    const { starts, ends } = this
    const count = ends.length
    if (count === 0 || ready >= ends[count - 1]) return ready
    let at = ready
    for (let i = this.firstEndingAfter(ready); i < count; i++) {
      if (at + length <= starts[i]) return at
      if (ends[i] > at) at = ends[i]
    }
    return at
  }

  /** Marks [start, end) as busy; the caller has made sure that it is free. */
  add(start: number, end: number): void {
    const { starts, ends } = this
    let i = starts.length
    while (i > 0 && starts[i - 1] > start) i--
    starts.splice(i, 0, start)
    ends.splice(i, 0, end)
  }

  clear(): void {
    this.starts.length = 0
    this.ends.length = 0
  }

  private firstEndingAfter(time: number): number {
    const { ends } = this
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle] > time) high = middle
      else low = middle + 1
    }
    return low
  }
}
