/** A window of `allowedCycles` at the beginning of every period. */
export interface PeriodicWindow {
  readonly periodCycles: number
  readonly allowedCycles: number
}

/**
 * Cycles t < `until` that lie in a window of at least one link (specification §7.4). Closed form for periods that
 * divide one another, as the prefix products of one loop order do.
 */
export function windowUnion(windows: readonly PeriodicWindow[], until: number): number {
  return covered(byPeriod(windows), 0, until)
}

/**
 * Cycles that only first windows (those that begin at t = 0) cover: what the union over whole runs counts beyond the
 * windows from the second on.
 */
export function firstWindowsOnly(windows: readonly PeriodicWindow[]): number {
  if (windows.length === 0) return 0
  const until = Math.max(...windows.map((each) => each.allowedCycles))
  const repeating = windows.filter((each) => each.periodCycles < until)
  if (repeating.length === 0) return until
  return until - (windowUnion(repeating, until) - firstWindowsOnly(repeating))
}

function byPeriod(windows: readonly PeriodicWindow[]): PeriodicWindow[] {
  const sorted = [...windows].sort(
    (a, b) => b.periodCycles - a.periodCycles || b.allowedCycles - a.allowedCycles,
  )
  return sorted.filter((each, i) => i === 0 || each.periodCycles < sorted[i - 1].periodCycles)
}

function covered(windows: readonly PeriodicWindow[], i: number, until: number): number {
  if (i === windows.length) return 0
  const { periodCycles } = windows[i]
  const whole = Math.floor(until / periodCycles)
  const rest = until - whole * periodCycles
  return (
    (whole === 0 ? 0 : whole * inOnePeriod(windows, i, periodCycles)) +
    inOnePeriod(windows, i, rest)
  )
}

function inOnePeriod(windows: readonly PeriodicWindow[], i: number, length: number): number {
  const { allowedCycles } = windows[i]
  if (length <= allowedCycles) return length
  return allowedCycles + covered(windows, i + 1, length) - covered(windows, i + 1, allowedCycles)
}
