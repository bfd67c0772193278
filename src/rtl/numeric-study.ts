import { createRng, type Rng } from '../base/index.js'
import type { Run } from '../model/index.js'
import { binary16, floatArithmetic, floatBits, floatScore } from './float/index.js'
import { hardwareOptions, isFloat, type NumberFormat } from './hardware-options.js'
import {
  CLOCK_HZ,
  integerWidths,
  scaledProduct,
  scoreWord,
  shareWord,
  SIGMA_FRACTION_BITS,
  tableRow,
  tickFor,
} from './integer/index.js'

/** How often an arithmetic chooses another request than the rule in double precision, on random queues. */
export interface NumericStudyRow {
  readonly format: NumberFormat
  /** `dysta`: the software rule in integers; `published`: the released hardware's rule, in its floating point. */
  readonly rule: 'dysta' | 'published'
  readonly queue: number
  readonly trials: number
  readonly differing: number
  /** Mean of (double-precision score of the chosen − smallest) / smallest. */
  readonly meanRelativeExcess: number
}

interface Waiting {
  readonly isolatedS: number
  /** Profiled remaining time, and the measured density ratio. */
  readonly remainingS: number
  readonly gamma: number
  readonly waitS: number
  readonly slackS: number
}

const BETA = 0.01
/** Deadlines lie up to ten isolated times of the longest network ahead. */
const LONGEST_S = 0.12
const HORIZON_S = 10 * LONGEST_S

/** Networks of 1–120 ms, every age and laxity; the same queues for every format. */
export function numericStudy(
  format: NumberFormat,
  queue: number,
  trials: number,
  run: Run,
): NumericStudyRow {
  const rng = createRng(run.seed, queue)
  const score = isFloat(format) ? publishedScore(format) : integerScore(format)
  let differing = 0
  let excess = 0
  for (let trial = 0; trial < trials; trial++) {
    const requests = Array.from({ length: queue }, () => randomRequest(rng))
    const nowS = HORIZON_S * (1 + rng.next())
    const exact = requests.map((r) => doubleScore(r, queue))
    const best = smallest(exact)
    const chosen = smallest(requests.map((r) => score(r, queue, nowS)))
    if (chosen !== best) differing++
    excess += (exact[chosen] - exact[best]) / exact[best]
    if (trial % 256 === 0 && run.cancelled()) break
  }
  const rule = isFloat(format) ? 'published' : 'dysta'
  return { format, rule, queue, trials, differing, meanRelativeExcess: excess / trials }
}

function randomRequest(rng: Rng): Waiting {
  const isolatedS = 1e-3 * Math.exp(rng.next() * Math.log(1e3 * LONGEST_S))
  const started = rng.next() < 0.5
  return {
    isolatedS,
    remainingS: started ? isolatedS * (0.02 + 0.98 * rng.next()) : isolatedS,
    gamma: started ? Math.exp(0.25 * rng.normal()) : 1,
    waitS: isolatedS * 3 * rng.next(),
    slackS: isolatedS * (10 * rng.next() - 1),
  }
}

/** The rule in double precision (specification of the scheduler, §5.6). */
function doubleScore(r: Waiting, queue: number): number {
  const remaining = r.gamma * r.remainingS
  return remaining + BETA * (Math.max(0, r.slackS - remaining) + r.waitS / r.isolatedS / queue)
}

type Score = (r: Waiting, queue: number, nowS: number) => number

function integerScore(format: 'int16' | 'int20'): Score {
  const options = hardwareOptions({ format, beta: BETA })
  const w = integerWidths(options)
  const tick = tickFor(options, HORIZON_S).seconds
  const word = scoreWord(options)
  return (r, queue, nowS) => {
    const row = tableRow(
      {
        remaining: (r.remainingS / tick) * 2 ** w.fraction,
        executed: 0,
        expectedNonzeros: 1,
        waitingWeight: (BETA * 2 ** w.fraction) / r.isolatedS,
        last: false,
      },
      w.kappa,
    )
    const now = Math.floor(nowS / tick)
    const slack = Math.floor((nowS + r.slackS) / tick) - now
    return word({
      remaining: scaledProduct(Math.round(r.gamma * 2 ** SIGMA_FRACTION_BITS), row.latency),
      slack: Math.max(0, slack),
      late: slack < 0,
      age: now - Math.floor((nowS - r.waitS) / tick),
      kappa: row.kappa,
      share: shareWord(queue, options.slots * 16),
    })
  }
}

/** The released rule (§6): slack without the remaining time, a constant waiting weight, times in its W-bit clock. */
function publishedScore(format: 'fp16' | 'fp32'): Score {
  const arithmetic = floatArithmetic(format === 'fp16' ? 16 : 32, BETA)
  const half = format === 'fp16'
  // The 16-bit build needs a prescaled clock to hold these times at all.
  const tick = (half ? 2 ** 13 : 1) / CLOCK_HZ
  const unit = 2 ** arithmetic.isolationFraction
  return (r, _queue, nowS) => {
    const now = Math.floor(nowS / tick)
    const { format: f } = arithmetic
    return floatScore(arithmetic, {
      now,
      lastExecution: Math.floor((nowS - r.waitS) / tick),
      deadline: Math.floor((nowS + r.slackS) / tick),
      isolation: Math.min(2 ** (f === binary16 ? 15 : 31) - 1, Math.round(unit / r.isolatedS)),
      latency: floatBits(f, r.remainingS / tick),
      gamma: floatBits(f, r.gamma),
    }).score
  }
}

function smallest(scores: readonly number[]): number {
  let best = 0
  for (let i = 1; i < scores.length; i++) if (scores[i] < scores[best]) best = i
  return best
}
