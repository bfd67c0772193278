import type { Chooser, Policy } from '../policy.js'
import type { QueueState } from '../queue-state.js'
import { allCanBeOnTime, createDeadlineOrder, placeOf } from './deadline-order.js'
import { GIVEN_UP, KEPT, LATE, mooreHodgson } from './moore-hodgson.js'
import { spendSlack } from './slack-spending.js'
import { smallestIndex } from './triage.js'

/** Reserve on every estimate while slack is spent. */
const MARGIN = 0.4
/** A request that will be late anyway waits as if its index were this many times larger. */
const LATE_PENALTY = 2
/** A backlog of so many times the request's own size lowers what its deadline is worth to a slowdown of one. */
const BACKLOG_SIZES = 120
/** What divides the price of requests that are large among all. */
const LARGE_DIVISOR = 3200

/**
 * What one met deadline is worth, in units of slowdown summed over requests, for a request of total size T that is
 * allowed the slowdown m = SLO / T, while the requests in the system need `backlogS` seconds.
 *
 * Serving in order of size makes late what is large and nothing else, so patience earns a generous price, m^1.5 / 16.
 * But the price counts only the requests that are delayed now, while new arrivals that keep the queue full pay again:
 * it falls with the number of times the request would fit into the backlog. Only requests that are large among all
 * (`relativeSize`, remaining time × mean of 1/size over all requests so far) keep a price that does not fall. It counts
 * `relativeSize` times in a crowd, while everyone present can still be on time, because there keeping one deadline
 * costs no other, and what has begun should not be given up for having turned out larger than estimated.
 */
function priceOf(
  m: number,
  sizeS: number,
  backlogS: number,
  relativeSize: number,
  crowd: boolean,
): number {
  const patient = Math.min((m * Math.sqrt(m)) / 16, (BACKLOG_SIZES * sizeS) / backlogS)
  const large = (m * m * relativeSize * Math.sqrt(relativeSize)) / LARGE_DIVISOR
  return Math.max(patient, crowd ? large * relativeSize : large)
}

/**
 * Triage at a price: Heddle's default. Requests stand in the order of Smith's index r·T (remaining × total time,
 * estimated), which is best for the mean slowdown. Protecting the deadline of request z means running it, sooner or
 * later, before those ahead of it in that order: it costs Σ_i (r_z / T_i − r_i / T_z) ≥ 0 of summed slowdown. A
 * request whose protection costs more than {@link priceOf} is left to its index; among the others the Moore-Hodgson
 * rule keeps the largest set that can meet its deadlines, and its slack is spent in order of the index.
 */
function start(queue: QueueState): Chooser {
  const { remainingS, executedS, deadlineS, arrivalS } = queue
  const count = arrivalS.length
  const deadlines = createDeadlineOrder(queue)
  const state = new Uint8Array(count)
  /** Per request, as of its last layer: r·T, 1/T and the allowed slowdown. */
  const smith = new Float64Array(count)
  const inverseTotal = new Float64Array(count)
  const allowed = new Float64Array(count)
  const index = new Float64Array(count)
  let byIndex = new Int32Array(64)
  let heap = new Int32Array(64)
  let members = 0
  /** The request that runs: the last choice, or the only one here, which runs unasked. */
  let chosen = -1
  let inverseSizes = 0
  let seen = 0

  const estimate = (id: number): void => {
    const totalS = executedS[id] + remainingS[id]
    smith[id] = remainingS[id] * totalS
    inverseTotal[id] = 1 / totalS
    allowed[id] = (deadlineS[id] - arrivalS[id]) / totalS
  }

  /** Moves the request at a place of `byIndex` to where its index belongs, ties by admission. */
  const settle = (from: number): void => {
    const id = byIndex[from]
    const key = smith[id]
    let i = from
    for (; i > 0; i--) {
      const other = byIndex[i - 1]
      if (smith[other] < key || (smith[other] === key && other < id)) break
      byIndex[i] = other
    }
    for (; i < members - 1; i++) {
      const other = byIndex[i + 1]
      if (smith[other] > key || (smith[other] === key && other > id)) break
      byIndex[i] = other
    }
    byIndex[i] = id
  }

  const price = (nowS: number): void => {
    let inverse = 0
    let aheadS = 0
    let backlogS = 0
    for (let i = 0; i < members; i++) backlogS += remainingS[byIndex[i]]
    const meanInverse = inverseSizes / seen
    const crowd = allCanBeOnTime(queue, deadlines.ids, nowS)
    for (let i = 0; i < members; i++) {
      const id = byIndex[i]
      const leftS = remainingS[id]
      if (nowS + leftS > deadlineS[id]) {
        state[id] = LATE
        index[id] = smith[id] * LATE_PENALTY
        continue
      }
      index[id] = smith[id]
      const totalS = executedS[id] + leftS
      const worth = priceOf(allowed[id], totalS, backlogS, leftS * meanInverse, crowd)
      const delays = leftS * inverse
      // What the others gain only lowers the cost, so mostly the division can be spared.
      const dear = delays > worth && delays - aheadS / totalS > worth
      state[id] = dear ? GIVEN_UP : KEPT
      inverse += inverseTotal[id]
      aheadS += leftS
    }
  }

  return {
    kind: 'choice',
    score: (id) => index[id],
    joined(id) {
      deadlines.joined(id)
      if (members === byIndex.length) byIndex = larger(byIndex)
      estimate(id)
      byIndex[members++] = id
      settle(members - 1)
      if (members === 1) chosen = id
      if (executedS[id] > 0) return
      seen++
      inverseSizes += 1 / remainingS[id]
    },
    left(id) {
      deadlines.left(id)
      const place = byIndex.indexOf(id)
      byIndex.copyWithin(place, place + 1, members--)
      if (chosen === id || members === 1) chosen = members === 1 ? byIndex[0] : -1
    },
    choose(nowS) {
      if (heap.length < members) heap = new Int32Array(2 * members)
      if (chosen >= 0) {
        estimate(chosen)
        settle(byIndex.indexOf(chosen))
      }
      price(nowS)
      mooreHodgson(deadlines.ids, members, remainingS, deadlineS, nowS, state, heap)
      const free = spendSlack(queue, deadlines.ids, state, index, MARGIN, nowS)
      chosen = free >= 0 ? free : smallestIndex(queue, deadlines.ids, index)
      return placeOf(queue, chosen)
    },
  }
}

function larger(values: Int32Array): Int32Array<ArrayBuffer> {
  const out = new Int32Array(2 * values.length)
  out.set(values)
  return out
}

export const pricedTriage: Policy = {
  name: 'priced_triage',
  summary: 'keeps the deadlines that are worth their price in slowdown (default)',
  origin: 'heddle',
  knows: 'pattern',
  predictor: 'affine',
  keyChanges: 'with-time',
  usesDeadlines: true,
  start,
}
