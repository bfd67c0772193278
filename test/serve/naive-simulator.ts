// Over 300 lines: every rule of the room written out once more, without tables, heaps, pruning or shared helpers.
import type { RequestStream, Trace } from '../../src/model/index.js'
import type { ServeConventions } from '../../src/serve/index.js'

/** One request of the naive simulator. */
interface Req {
  readonly id: number
  readonly arrival: number
  readonly deadline: number
  readonly priority: number
  readonly trace: number
  readonly sample: number
  done: number
  executed: number
  lastRun: number
  token: number
  updated: number
}

type Level = 'network' | 'pattern' | 'truth'
type Correction = 'none' | 'average' | 'affine'

/** Sums and means straight from the traces, recomputed every time they are asked for. */
class Estimates {
  constructor(
    readonly traces: readonly Trace[],
    readonly conventions: ServeConventions,
  ) {}

  real(trace: number, sample: number, layer: number): number {
    const t = this.traces[trace]
    return t.latencyS[sample * t.layerCount + layer]
  }

  sparsity(trace: number, sample: number, layer: number): number {
    const t = this.traces[trace]
    return t.sparsity[sample * t.layerCount + layer]
  }

  patternMean(trace: number, layer: number): number {
    let sum = 0
    for (let s = 0; s < this.traces[trace].sampleCount; s++) sum += this.real(trace, s, layer)
    return sum / this.traces[trace].sampleCount
  }

  networkMean(trace: number, layer: number): number {
    const { network } = this.traces[trace]
    if (network === undefined) return this.patternMean(trace, layer)
    let sum = 0
    let samples = 0
    this.traces.forEach((other, o) => {
      if (other.network !== network) return
      sum += other.sampleCount * this.patternMean(o, layer)
      samples += other.sampleCount
    })
    return sum / samples
  }

  sparsityMean(trace: number, layer: number): number {
    let sum = 0
    for (let s = 0; s < this.traces[trace].sampleCount; s++) sum += this.sparsity(trace, s, layer)
    return sum / this.traces[trace].sampleCount
  }

  layer(level: Level, r: Req, layer: number): number {
    if (level === 'truth') return this.real(r.trace, r.sample, layer)
    return level === 'pattern' ? this.patternMean(r.trace, layer) : this.networkMean(r.trace, layer)
  }

  /** Remaining latency after `done` layers, uncorrected. */
  profiled(level: Level, r: Req, done = r.done): number {
    let sum = 0
    for (let l = done; l < this.traces[r.trace].layerCount; l++) sum += this.layer(level, r, l)
    return sum
  }

  gamma(trace: number, sample: number, done: number): number {
    if (done === 0) return 1
    const [low, high] = this.conventions.ratioClamp
    let sum = 0
    for (let l = 0; l < done; l++) {
      const mean = this.sparsityMean(trace, l)
      const ratio = (1 - this.sparsity(trace, sample, l)) / (1 - mean)
      sum += low === -Infinity ? ratio : mean >= 1 ? 1 : Math.min(high, Math.max(low, ratio))
    }
    return sum / done
  }

  factor(correction: Correction, r: Req): number {
    if (correction === 'none') return 1
    const gamma = this.gamma(r.trace, r.sample, r.done)
    if (correction === 'average') return gamma
    const { layerCount, sampleCount } = this.traces[r.trace]
    if (r.done === 0) return 1
    let kappa = 0
    if (r.done < layerCount) {
      let mean = 0
      for (let l = r.done; l < layerCount; l++) mean += this.patternMean(r.trace, l)
      let above = 0
      let below = 0
      for (let s = 0; s < sampleCount; s++) {
        let left = 0
        for (let l = r.done; l < layerCount; l++) left += this.real(r.trace, s, l)
        const excess = this.gamma(r.trace, s, r.done) - 1
        above += excess * (left / mean - 1)
        below += excess * excess
      }
      kappa = below > 0 ? above / below : 0
    }
    return Math.max(0.05, 1 + kappa * (gamma - 1))
  }

  remaining(level: Level, correction: Correction, r: Req): number {
    return this.factor(correction, r) * this.profiled(level, r)
  }
}

interface Situation {
  readonly queue: readonly Req[]
  readonly now: number
  readonly est: Estimates
  readonly conventions: ServeConventions
  readonly alpha: number
  readonly beta: number
  /** Requests that have arrived so far. */
  readonly seen: readonly Req[]
}

type Rule = (s: Situation) => number

/** First of the queue with the smallest key. */
function argmin(queue: readonly Req[], key: (r: Req) => number): number {
  const keys = queue.map(key)
  return keys.indexOf(Math.min(...keys))
}

function sjf(level: Level, correction: Correction): Rule {
  return ({ queue, est }) => argmin(queue, (r) => est.remaining(level, correction, r))
}

function prema(level: Level, correction: Correction, forced: Partial<ServeConventions> = {}): Rule {
  return ({ queue, now, est, conventions }) => {
    const rules = { ...conventions, ...forced }
    let largest = 0
    for (const r of queue) {
      const fresh = r.token < 0
      const size = est.factor(correction, r) * est.profiled(level, r, 0)
      if (rules.premaWaiting === 'since-update') {
        const waited = now - Math.max(r.lastRun, r.updated)
        r.token = (fresh ? r.priority : r.token) + r.priority * (waited / size)
        r.updated = now
      } else if (fresh) r.token = r.priority
      else r.token += r.priority * ((now - r.lastRun) / size)
      if (rules.premaFreshTokens === 'counted' || !fresh) largest = Math.max(largest, r.token)
    }
    const threshold = largest >= 9 ? 9 : largest >= 3 ? 3 : 1
    const shared = est.factor(correction, queue[queue.length - 1])
    return argmin(queue, (r) =>
      r.token < threshold
        ? Infinity
        : (rules.premaRatio === 'own' ? est.factor(correction, r) : shared) *
          est.profiled(level, r),
    )
  }
}

/** The published selection, sentinel and all; −1 where the published program aborts. */
function largestScore(queue: readonly Req[], scores: readonly number[], aborts: boolean): number {
  let best = -1
  let value = -1
  for (let i = 0; i < queue.length; i++) {
    if (value < 0 || value <= scores[i]) {
      if (value === scores[i]) {
        if (best < 0 && aborts) return -1
        if (best >= 0 && queue[best].arrival < queue[i].arrival) continue
      }
      best = i
      value = scores[i]
    }
  }
  return best
}

const planaria: Rule = ({ queue, now, conventions }) =>
  largestScore(
    queue,
    queue.map((r) =>
      conventions.lateRequests === 'decided' && r.deadline - now <= 0
        ? 0
        : r.priority / (r.deadline - now),
    ),
    conventions.noneChosen === 'minus-one',
  )

function sdrm3(level: Level, correction: Correction, fixedAlpha?: number): Rule {
  return ({ queue, now, est, conventions, alpha }) =>
    largestScore(
      queue,
      queue.map((r) => {
        const slack = r.deadline - now
        let urgency = est.remaining(level, correction, r) / slack
        if (urgency > 1) urgency = 1
        if (conventions.lateRequests === 'decided' && slack <= 0) urgency = 1
        const next = est.factor(correction, r) * est.layer(level, r, r.done)
        return urgency + (fixedAlpha ?? alpha) * ((now - r.lastRun) / next)
      }),
      conventions.noneChosen === 'minus-one',
    )
}

function dysta(level: Level, correction: Correction): Rule {
  return ({ queue, now, est, beta }) =>
    argmin(queue, (r) => {
      const left = est.remaining(level, correction, r)
      const urgency = Math.max(0, r.deadline - now - left)
      const penalty = (now - r.lastRun) / est.profiled(level, r, 0) / queue.length
      return left + beta * (urgency + penalty)
    })
}

/** r, T and r·T of a request under the estimates of Heddle's own policies. */
function size(est: Estimates, r: Req): { left: number; total: number; index: number } {
  const left = est.remaining('pattern', 'affine', r)
  const total = r.executed + left
  return { left, total, index: left * total }
}

type Fate = 'late' | 'given-up' | 'kept'

/** Moore-Hodgson by repeated re-scanning; of equally long requests the one due last is given up. */
function keepOnTime(byDeadline: readonly Req[], fate: Map<Req, Fate>, s: Situation): void {
  const kept: Req[] = []
  let end = s.now
  for (const r of byDeadline) {
    if (fate.get(r) !== 'kept') continue
    kept.push(r)
    end += size(s.est, r).left
    if (end > r.deadline) {
      const longest = kept.reduce((a, b) => (size(s.est, b).left >= size(s.est, a).left ? b : a))
      end -= size(s.est, longest).left
      kept.splice(kept.indexOf(longest), 1)
      fate.set(longest, 'given-up')
    }
  }
}

function sortedByDeadline(queue: readonly Req[]): Req[] {
  return [...queue].sort((a, b) => a.deadline - b.deadline || a.id - b.id)
}

/** Slack spending: the best of those who may run without endangering the kept. */
function spend(
  byDeadline: readonly Req[],
  fate: ReadonlyMap<Req, Fate>,
  index: (r: Req) => number,
  margin: number,
  s: Situation,
): Req {
  const scale = 1 + margin
  const free: Req[] = []
  let slack = Infinity
  let sum = 0
  for (const r of byDeadline) {
    if (fate.get(r) !== 'kept') continue
    const { left } = size(s.est, r)
    if (left * scale <= slack) free.push(r)
    sum += left
    slack = Math.min(slack, r.deadline - s.now - sum * scale)
  }
  for (const r of byDeadline)
    if (fate.get(r) !== 'kept' && size(s.est, r).left * scale <= slack) free.push(r)
  const among = free.length > 0 ? free : byDeadline
  return among.reduce((a, b) => (index(b) < index(a) ? b : a))
}

function triage(margin: number | 'edf'): Rule {
  return (s) => {
    const byDeadline = sortedByDeadline(s.queue)
    const fate = new Map<Req, Fate>(s.queue.map((r) => [r, 'kept']))
    keepOnTime(byDeadline, fate, s)
    const index = (r: Req): number => size(s.est, r).index
    const first = byDeadline.find((r) => fate.get(r) === 'kept')
    const choice =
      margin === 'edf'
        ? (first ?? byDeadline.reduce((a, b) => (index(b) < index(a) ? b : a)))
        : spend(byDeadline, fate, index, margin, s)
    return s.queue.indexOf(choice)
  }
}

const pricedTriage: Rule = (s) => {
  const { queue, now, est, seen } = s
  const inverseSizes = seen.reduce((sum, r) => sum + 1 / est.profiled('pattern', r, 0), 0)
  const byIndex = [...queue].sort((a, b) => size(est, a).index - size(est, b).index || a.id - b.id)
  const backlog = byIndex.reduce((sum, r) => sum + size(est, r).left, 0)
  const byDeadline = sortedByDeadline(queue)
  let endOfAll = now
  const crowd = byDeadline.every((r) => (endOfAll += size(est, r).left) <= r.deadline)
  const fate = new Map<Req, Fate>()
  let inverse = 0
  let ahead = 0
  for (const r of byIndex) {
    const { left, total } = size(est, r)
    if (now + left > r.deadline) {
      fate.set(r, 'late')
      continue
    }
    const m = (r.deadline - r.arrival) / total
    const relative = left * (inverseSizes / seen.length)
    const patient = Math.min((m * Math.sqrt(m)) / 16, (120 * total) / backlog)
    const large = (m * m * relative * Math.sqrt(relative)) / 3200
    const price = Math.max(patient, crowd ? large * relative : large)
    fate.set(r, left * inverse - ahead / total > price ? 'given-up' : 'kept')
    inverse += 1 / total
    ahead += left
  }
  keepOnTime(byDeadline, fate, s)
  const index = (r: Req): number => size(est, r).index * (fate.get(r) === 'late' ? 2 : 1)
  return queue.indexOf(spend(byDeadline, fate, index, 0.4, s))
}

/** Every policy once more, by name. */
export const naiveRules: Readonly<Record<string, Rule>> = {
  fcfs: ({ queue }) => argmin(queue, (r) => r.arrival),
  sjf: sjf('network', 'none'),
  sjf_sparse: sjf('pattern', 'average'),
  srpt: sjf('truth', 'none'),
  prema: prema('network', 'none'),
  prema_sparse: prema('pattern', 'average'),
  prema_tuned: prema('pattern', 'affine', {
    premaWaiting: 'since-execution',
    premaFreshTokens: 'ignored',
    premaRatio: 'own',
  }),
  planaria,
  sdrm3: sdrm3('network', 'none'),
  sdrm3_sparse: sdrm3('pattern', 'average'),
  sdrm3_tuned: sdrm3('pattern', 'affine', 0.01),
  dysta_naive: dysta('network', 'none'),
  dysta: dysta('pattern', 'average'),
  dysta_oracle: dysta('truth', 'none'),
  edf: ({ queue }) => argmin(queue, (r) => r.deadline),
  least_laxity: ({ queue, est }) =>
    argmin(queue, (r) => r.deadline - est.remaining('pattern', 'average', r)),
  round_robin: ({ queue }) => argmin(queue, (r) => r.lastRun),
  rs: ({ queue, est }) => argmin(queue, (r) => size(est, r).index),
  fs: ({ queue, est, now }) =>
    argmin(queue, (r) => {
      const { left, index } = size(est, r)
      return now + left <= r.deadline ? index : 1e12 + index
    }),
  mh_edf: triage('edf'),
  mh2: triage(0),
  mh2_margin: triage(0.2),
  priced_triage: pricedTriage,
}

/** The loop of specification §4, one layer at a time. @returns undefined where the published program aborts */
export function naiveSimulate(
  stream: RequestStream,
  traces: readonly Trace[],
  rule: Rule,
  conventions: ServeConventions,
  alpha: number,
  beta: number,
): number[] | undefined {
  const est = new Estimates(traces, conventions)
  const requests = Array.from(stream.arrivalS, (arrival, id): Req => ({
    id,
    arrival,
    deadline: arrival + stream.sloS[id],
    priority: stream.priority[id],
    trace: stream.traceIndex[id],
    sample: stream.sampleIndex[id],
    done: 0,
    executed: 0,
    lastRun: arrival,
    token: -1,
    updated: arrival,
  }))
  const finish = requests.map(() => Number.NaN)
  const waiting = [...requests]
  const queue: Req[] = []
  let now = 0
  while (queue.length > 0 || waiting.length > 0) {
    if (queue.length === 0) {
      const first = waiting.shift()!
      now = conventions.idleClock === 'rewinds' ? first.arrival : Math.max(now, first.arrival)
      queue.push(first)
      if (conventions.admission === 'until-now')
        while (waiting.length > 0 && waiting[0].arrival <= now) queue.push(waiting.shift()!)
    } else if (conventions.admission === 'until-now') {
      while (waiting.length > 0 && waiting[0].arrival <= now) queue.push(waiting.shift()!)
    } else {
      while (waiting.length > 0 && waiting[0].arrival < now) queue.push(waiting.shift()!)
    }
    const seen = requests.slice(0, requests.length - waiting.length)
    const place = rule({ queue, now, est, conventions, alpha, beta, seen })
    if (place < 0) return undefined
    const r = queue[place]
    const layer = est.real(r.trace, r.sample, r.done)
    now += layer
    r.executed += layer
    r.done++
    r.lastRun = now
    if (r.done === traces[r.trace].layerCount) {
      finish[r.id] = now
      queue.splice(place, 1)
    }
  }
  return finish
}
