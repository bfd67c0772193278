/** Min-heap of (key, id) in which equal keys leave by smallest id, that is: by admission, however often re-inserted. */
export class IdHeap {
  private keys: Float64Array
  private ids: Int32Array
  private count = 0

  constructor(capacity = 256) {
    this.keys = new Float64Array(capacity)
    this.ids = new Int32Array(capacity)
  }

  get size(): number {
    return this.count
  }

  /** Whether (key, id) would leave before everything in the heap. */
  precedes(key: number, id: number): boolean {
    if (this.count === 0) return true
    const top = this.keys[0]
    return key < top || (key === top && id < this.ids[0])
  }

  push(key: number, id: number): void {
    if (this.count === this.keys.length) this.grow()
    const { keys, ids } = this
    let i = this.count++
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (keys[parent] < key || (keys[parent] === key && ids[parent] < id)) break
      keys[i] = keys[parent]
      ids[i] = ids[parent]
      i = parent
    }
    keys[i] = key
    ids[i] = id
  }

  /** Removes and returns the first id; the heap must not be empty. */
  pop(): number {
    const { keys, ids } = this
    const top = ids[0]
    const last = --this.count
    const key = keys[last]
    const id = ids[last]
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= last) break
      const right = child + 1
      if (
        right < last &&
        (keys[right] < keys[child] || (keys[right] === keys[child] && ids[right] < ids[child]))
      ) {
        child = right
      }
      if (keys[child] > key || (keys[child] === key && ids[child] > id)) break
      keys[i] = keys[child]
      ids[i] = ids[child]
      i = child
    }
    keys[i] = key
    ids[i] = id
    return top
  }

  private grow(): void {
    const keys = new Float64Array(2 * this.count)
    const ids = new Int32Array(2 * this.count)
    keys.set(this.keys)
    ids.set(this.ids)
    this.keys = keys
    this.ids = ids
  }
}
