import { percentileOfSorted } from '../base/index.js'
import type { RequestStream } from '../model/index.js'
import type { Simulation } from './simulation.js'
import type { ServeTables } from './tables.js'

/** Percentiles of one quantity over requests. */
export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
}

/** What a group of requests experienced. Dropped requests count as violations and in nothing else. */
export interface GroupMetrics {
  readonly requests: number
  /** Requests that admission control turned away. */
  readonly dropped: number
  /** Average normalised turnaround time: mean of (finish − arrival) / true isolated latency. */
  readonly antt: number
  /** Fraction that finished after the deadline (strictly) or was dropped. */
  readonly violationRate: number
  /** Percentiles of finish − arrival, seconds. */
  readonly latencyS: Percentiles
  /** Percentiles of the normalised turnaround. */
  readonly turnaround: Percentiles
}

/** Metrics of a whole simulation. */
export interface Metrics extends GroupMetrics {
  /** Finished requests per second from the first arrival to the last finish. */
  readonly throughput: number
  /** Requests finished within their SLO per second, over the same time. */
  readonly goodput: number
  /** System throughput (Eyerman and Eeckhout 2008): mean over time of the summed progress rates, Σ isolated / turnaround per request in the system. */
  readonly stp: number
  /** Jain's index of the progress rates isolated / turnaround: 1 = all alike. */
  readonly fairness: number
  /** Fraction of accelerator time that computed, from the first arrival to the last finish. */
  readonly utilisation: number
  readonly preemptions: number
  /** Largest number of requests in the system, and its mean over time. */
  readonly maxQueue: number
  readonly meanQueue: number
  /** Policies in hardware arithmetic: share of decisions that double precision takes otherwise. */
  readonly differingDecisions?: number
}

/** Arrival as served: a follower of a cascade arrives when its parent has finished. */
export function effectiveArrivals(stream: RequestStream, finishS: Float64Array): Float64Array {
  const { parent } = stream
  if (parent === undefined) return stream.arrivalS
  return stream.arrivalS.map((arrival, i) =>
    parent[i] < 0 ? arrival : Math.max(arrival, finishS[parent[i]]),
  )
}

/** Metrics of a simulation (specification §7, and the usual ones of the field). */
export function measure(
  stream: RequestStream,
  tables: ServeTables,
  simulation: Simulation,
  accelerators = 1,
): Metrics {
  const { finishS } = simulation
  const arrivalS = effectiveArrivals(stream, finishS)
  const all = Int32Array.from(finishS, (_, i) => i)
  const group = measureGroup(stream, tables, finishS, arrivalS, all)
  let last = 0
  let first = Infinity
  let progress = 0
  let squares = 0
  let served = 0
  let inSystemS = 0
  for (let i = 0; i < finishS.length; i++) {
    if (arrivalS[i] < first) first = arrivalS[i]
    if (Number.isNaN(finishS[i])) continue
    if (finishS[i] > last) last = finishS[i]
    const rate = isolatedOf(stream, tables, i) / (finishS[i] - arrivalS[i])
    progress += rate
    squares += rate * rate
    inSystemS += finishS[i] - arrivalS[i]
    served++
  }
  const spanS = last - first
  return {
    ...group,
    throughput: served / spanS,
    goodput: ((1 - group.violationRate) * finishS.length) / spanS,
    stp: served > 0 ? isolatedSum(stream, tables, finishS) / spanS : 0,
    fairness: served > 0 ? (progress * progress) / (served * squares) : 1,
    utilisation: simulation.busyS / (accelerators * spanS),
    preemptions: simulation.preemptions,
    maxQueue: longestQueue(arrivalS, finishS),
    meanQueue: inSystemS / spanS,
    ...(simulation.differing && {
      differingDecisions: simulation.differing.differing / Math.max(1, simulation.differing.asked),
    }),
  }
}

/** Metrics of some requests of a stream, e.g. those of one network or one priority. */
export function measureGroup(
  stream: RequestStream,
  tables: ServeTables,
  finishS: Float64Array,
  arrivalS: Float64Array,
  members: Int32Array,
): GroupMetrics {
  const latency: number[] = []
  const turnaround: number[] = []
  let late = 0
  let sum = 0
  for (const i of members) {
    if (Number.isNaN(finishS[i])) {
      late++
      continue
    }
    const spent = finishS[i] - arrivalS[i]
    const normalised = spent / isolatedOf(stream, tables, i)
    latency.push(spent)
    turnaround.push(normalised)
    sum += normalised
    if (finishS[i] > arrivalS[i] + stream.sloS[i]) late++
  }
  return {
    requests: members.length,
    dropped: members.length - latency.length,
    antt: sum / latency.length,
    violationRate: late / members.length,
    latencyS: percentiles(Float64Array.from(latency)),
    turnaround: percentiles(Float64Array.from(turnaround)),
  }
}

/** True isolated latency of a request, seconds. */
export function isolatedOf(stream: RequestStream, tables: ServeTables, request: number): number {
  const trace = stream.traceIndex[request]
  const stride = tables.layerCount[trace] + 1
  return tables.realRemainingS[tables.sampleStart[trace] + stream.sampleIndex[request] * stride]
}

function isolatedSum(stream: RequestStream, tables: ServeTables, finishS: Float64Array): number {
  let sum = 0
  for (let i = 0; i < finishS.length; i++)
    if (!Number.isNaN(finishS[i])) sum += isolatedOf(stream, tables, i)
  return sum
}

function percentiles(values: Float64Array): Percentiles {
  values.sort()
  return {
    p50: percentileOfSorted(values, 50),
    p95: percentileOfSorted(values, 95),
    p99: percentileOfSorted(values, 99),
    p999: percentileOfSorted(values, 99.9),
  }
}

function longestQueue(arrivalS: Float64Array, finishS: Float64Array): number {
  const starts = arrivalS.filter((_, i) => !Number.isNaN(finishS[i])).sort()
  const ends = finishS.filter((value) => !Number.isNaN(value)).sort()
  let longest = 0
  let left = 0
  for (let i = 0; i < starts.length; i++) {
    while (left < ends.length && ends[left] <= starts[i]) left++
    longest = Math.max(longest, i + 1 - left)
  }
  return longest
}
