/**
 * Binary min-heap of (key, id) on typed arrays. Equal keys leave in order of insertion, so simulations are
 * deterministic. Grows by doubling; no allocation per operation otherwise.
 */
export class EventHeap {
  private keys: Float64Array
  private sequence: Float64Array
  private ids: Int32Array
  private count = 0
  private inserted = 0

  constructor(capacity = 64) {
    this.keys = new Float64Array(capacity)
    this.sequence = new Float64Array(capacity)
    this.ids = new Int32Array(capacity)
  }

  get size(): number {
    return this.count
  }

  /** Smallest key; +Infinity when empty. */
  peekKey(): number {
    return this.count > 0 ? this.keys[0] : Infinity
  }

  /** Id with the smallest key, or −1 when empty. */
  peekId(): number {
    return this.count > 0 ? this.ids[0] : -1
  }

  push(key: number, id: number): void {
    if (this.count === this.keys.length) this.grow()
    const sequence = this.inserted++
    let i = this.count++
    while (i > 0) {
      const parent = (i - 1) >> 1
      // The newcomer has the largest sequence number, so it rises only past strictly larger keys.
      if (this.keys[parent] <= key) break
      this.move(parent, i)
      i = parent
    }
    this.place(i, key, sequence, id)
  }

  /** Removes and returns the id with the smallest key, or −1 when empty. */
  pop(): number {
    if (this.count === 0) return -1
    const top = this.ids[0]
    const last = --this.count
    if (last > 0) this.sinkFromRoot(this.keys[last], this.sequence[last], this.ids[last])
    return top
  }

  clear(): void {
    this.count = 0
  }

  private sinkFromRoot(key: number, sequence: number, id: number): void {
    const { keys, sequence: order, count } = this
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= count) break
      const right = child + 1
      if (
        right < count &&
        (keys[right] < keys[child] || (keys[right] === keys[child] && order[right] < order[child]))
      ) {
        child = right
      }
      if (keys[child] > key || (keys[child] === key && order[child] > sequence)) break
      this.move(child, i)
      i = child
    }
    this.place(i, key, sequence, id)
  }

  private move(from: number, to: number): void {
    this.keys[to] = this.keys[from]
    this.sequence[to] = this.sequence[from]
    this.ids[to] = this.ids[from]
  }

  private place(i: number, key: number, sequence: number, id: number): void {
    this.keys[i] = key
    this.sequence[i] = sequence
    this.ids[i] = id
  }

  private grow(): void {
    const larger = this.keys.length * 2
    const keys = new Float64Array(larger)
    const sequence = new Float64Array(larger)
    const ids = new Int32Array(larger)
    keys.set(this.keys)
    sequence.set(this.sequence)
    ids.set(this.ids)
    this.keys = keys
    this.sequence = sequence
    this.ids = ids
  }
}
