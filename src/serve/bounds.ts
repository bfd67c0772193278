import type { RequestStream } from '../model/index.js'
import { isolatedOf } from './metrics.js'
import type { ServeTables } from './tables.js'

/** What no schedule of a stream can beat, clairvoyant or not, on the given number of equal accelerators. */
export interface StreamBounds {
  readonly antt: number
  readonly violationRate: number
}

/** Slack given to deadlines in the relaxation, relative: rounding must never turn a bound into a lie. */
const ROUNDING = 1e-9

/**
 * Lower bounds of ANTT and violation rate for a stream, from its true latencies. Layers are relaxed to arbitrary
 * preemption, several accelerators to one that is as fast as all together.
 */
export function streamBounds(
  stream: RequestStream,
  tables: ServeTables,
  accelerators = 1,
): StreamBounds {
  const sizeS = Float64Array.from(stream.arrivalS, (_, i) => isolatedOf(stream, tables, i))
  const releaseS = earliestReleases(stream, sizeS)
  return {
    antt: anttBound(releaseS, sizeS, accelerators),
    violationRate: lateBound(releaseS, stream, sizeS, accelerators) / Math.max(1, releaseS.length),
  }
}

/** A follower of a cascade exists no earlier than its parent can finish. */
function earliestReleases(stream: RequestStream, sizeS: Float64Array): Float64Array {
  const { parent } = stream
  const releaseS = Float64Array.from(stream.arrivalS)
  if (parent === undefined) return releaseS
  for (let i = 0; i < releaseS.length; i++) {
    if (parent[i] >= 0) releaseS[i] = Math.max(releaseS[i], releaseS[parent[i]] + sizeS[parent[i]])
  }
  return releaseS
}

/**
 * Mean-busy-time relaxation of 1 | r_j, pmtn | Σ w_j C_j (Goemans 1997; Goemans et al. 2002) with w_j = 1/p_j: a
 * request finishes at least p_j/2 after the mean time M_j of its execution, and Σ w_j M_j is smallest when the
 * request with the largest w_j/p_j, the shortest one, always runs.
 */
function anttBound(releaseS: Float64Array, sizeS: Float64Array, speed: number): number {
  const count = releaseS.length
  if (count === 0) return Number.NaN
  const byRelease = Int32Array.from(releaseS, (_, i) => i).sort((a, b) => releaseS[a] - releaseS[b])
  const left = Float64Array.from(sizeS, (size) => size / speed)
  // ∫ t dt over the execution of each request.
  const moment = new Float64Array(count)
  const queue: number[] = []
  const push = (id: number): void => {
    let i = queue.push(id) - 1
    while (i > 0 && sizeS[queue[(i - 1) >> 1]] > sizeS[id]) {
      queue[i] = queue[(i - 1) >> 1]
      i = (i - 1) >> 1
    }
    queue[i] = id
  }
  const pop = (): void => {
    const last = queue.pop() ?? 0
    if (queue.length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= queue.length) break
      if (child + 1 < queue.length && sizeS[queue[child + 1]] < sizeS[queue[child]]) child++
      if (sizeS[queue[child]] >= sizeS[last]) break
      queue[i] = queue[child]
      i = child
    }
    queue[i] = last
  }
  let next = 0
  let now = 0
  while (next < count || queue.length > 0) {
    if (queue.length === 0) now = Math.max(now, releaseS[byRelease[next]])
    while (next < count && releaseS[byRelease[next]] <= now) push(byRelease[next++])
    const id = queue[0]
    const untilS = next < count ? releaseS[byRelease[next]] : Infinity
    const stepS = Math.min(left[id], untilS - now)
    moment[id] += stepS * (now + stepS / 2)
    left[id] -= stepS
    now += stepS
    if (left[id] <= 1e-15 * now) pop()
  }
  let sum = 0
  for (let i = 0; i < count; i++) {
    const meanBusyS = (moment[i] * speed) / sizeS[i]
    // Alone, a request takes its size; with others, half of it after its mean busy time.
    sum += (meanBusyS + sizeS[i] / 2 - releaseS[i]) / sizeS[i]
  }
  return Math.max(1, sum / count)
}

/**
 * At least this many requests are late. For a start time a, take all requests released at or after a as released at
 * a: the Moore-Hodgson rule then finds the fewest late among those due by b. Requests that live inside disjoint
 * intervals [a, b] are different ones, so the counts of disjoint intervals add up; dynamic programming picks the
 * best intervals.
 */
function lateBound(
  releaseS: Float64Array,
  stream: RequestStream,
  sizeS: Float64Array,
  speed: number,
): number {
  const count = releaseS.length
  const dueS = Float64Array.from(stream.arrivalS, (arrival, i) => {
    const release = Math.max(arrival, releaseS[i])
    return (release + stream.sloS[i]) * (1 + ROUNDING) + ROUNDING
  })
  const byDue = Int32Array.from(dueS, (_, i) => i).sort((a, b) => dueS[a] - dueS[b])
  const starts = Float64Array.from(new Set(releaseS)).sort()
  const dueInOrder = Float64Array.from(byDue, (id) => dueS[id])
  // best[j]: most late requests that are certain among those due before place j of byDue.
  const best = new Int32Array(count + 1)
  const heap = new Float64Array(count)
  let settled = 0
  for (const start of starts) {
    // Intervals end no later than the next one begins.
    const before = lowerBound(dueInOrder, start, true)
    for (; settled < before; settled++)
      best[settled + 1] = Math.max(best[settled + 1], best[settled])
    let size = 0
    let endS = start
    let late = 0
    for (let j = before; j < count; j++) {
      const id = byDue[j]
      if (releaseS[id] < start) continue
      const need = sizeS[id] / speed
      endS += need
      size = pushLargest(heap, size, need)
      if (endS > dueS[id]) {
        endS -= heap[0]
        size = popLargest(heap, size)
        late++
        const total = best[before] + late
        if (total > best[j + 1]) best[j + 1] = total
      }
    }
  }
  for (; settled < count; settled++) best[settled + 1] = Math.max(best[settled + 1], best[settled])
  return best[count]
}

function lowerBound(sorted: Float64Array, value: number, inclusive: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle] < value || (inclusive && sorted[middle] === value)) low = middle + 1
    else high = middle
  }
  return low
}

function pushLargest(heap: Float64Array, size: number, value: number): number {
  let i = size
  while (i > 0 && heap[(i - 1) >> 1] < value) {
    heap[i] = heap[(i - 1) >> 1]
    i = (i - 1) >> 1
  }
  heap[i] = value
  return size + 1
}

function popLargest(heap: Float64Array, size: number): number {
  const last = heap[size - 1]
  const count = size - 1
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= count) break
    if (child + 1 < count && heap[child + 1] > heap[child]) child++
    if (heap[child] <= last) break
    heap[i] = heap[child]
    i = child
  }
  if (count > 0) heap[i] = last
  return count
}
