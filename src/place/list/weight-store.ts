/** Weights held by one core, least recently used first: a Map keeps insertion order, and a use re-inserts. */
export class WeightStore {
  private readonly held = new Map<number, number>()
  private used = 0
  private readonly capacityBytes: number

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes
  }

  holds(key: number): boolean {
    return this.held.has(key)
  }

  /** Makes `key` the most recently used, evicting the least recently used until it fits. */
  use(key: number, bytes: number): void {
    const present = this.held.get(key)
    if (present !== undefined) {
      this.held.delete(key)
      this.used -= present
    }
    for (const [oldest, size] of this.held) {
      if (this.used + bytes <= this.capacityBytes) break
      this.held.delete(oldest)
      this.used -= size
    }
    this.held.set(key, bytes)
    this.used += bytes
  }

  clear(): void {
    this.held.clear()
    this.used = 0
  }
}
