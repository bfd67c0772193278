/** Points of the energy/latency plane of which none beats another in both; least energy first. */
export class ParetoArchive<T> {
  readonly points: { readonly energy: number; readonly latency: number; readonly value: T }[] = []
  /** Lines a · energy + b · latency, along which {@link mayImprove} takes bounds. */
  private readonly lines: readonly { readonly a: number; readonly b: number }[]
  /** Per line and gap between neighbouring points: the line's value at the gap's outer corner. */
  private corners: Float64Array[] = []
  private highest: Float64Array = new Float64Array(0)

  constructor(lines: readonly { readonly a: number; readonly b: number }[]) {
    this.lines = lines
  }

  /** Adds a point unless an equal or better one is there, and drops those that it beats. */
  add(energy: number, latency: number, value: () => T): void {
    const { points } = this
    // The first point of more energy; the one before it has the least latency among those of no more.
    let at = 0
    while (at < points.length && points[at].energy <= energy * (1 + TIE)) at++
    if (at > 0 && points[at - 1].latency <= latency * (1 + TIE)) return
    let from = at
    while (from > 0 && points[from - 1].energy >= energy) from--
    let to = at
    while (to < points.length && points[to].latency >= latency) to++
    points.splice(from, to - from, { energy, latency, value: value() })
    this.corners = []
  }

  /**
   * Whether some point with a · energy + b · latency ≥ `bounds[k]` on every line k could enter the archive: whether the outer
   * corner of some gap lies above all the lines.
   */
  mayImprove(bounds: Float64Array): boolean {
    this.prepare()
    const { corners, highest } = this
    for (let k = 0; k < bounds.length; k++) if (!(bounds[k] < highest[k])) return false
    const gaps = corners[0]?.length ?? 0
    for (let j = 0; j < gaps; j++) {
      let below = true
      for (let k = 0; k < bounds.length && below; k++) below = bounds[k] < corners[k][j]
      if (below) return true
    }
    return false
  }

  private prepare(): void {
    if (this.corners.length > 0) return
    const { points } = this
    this.corners = this.lines.map(({ a, b }) =>
      Float64Array.from(
        points.slice(1),
        (next, j) => (a * next.energy + b * points[j].latency) * (1 - TIE),
      ),
    )
    this.highest = Float64Array.from(this.corners, (values) =>
      values.reduce((high, value) => Math.max(high, value), -Infinity),
    )
  }
}

/** Relative distance within which two figures count as equal. */
const TIE = 1e-9
