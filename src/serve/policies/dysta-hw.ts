import {
  hardwareOptions,
  integerWidths,
  nextSigma,
  scaledProduct,
  scoreWord,
  SIGMA_FRACTION_BITS,
  tableRow,
  tickFor,
  type HardwareOptions,
  type TableRow,
} from '../../rtl/index.js'
import type { Chooser, Policy, PolicySettings } from '../policy.js'
import type { QueueState } from '../queue-state.js'
import { dysta } from './dysta.js'

/** Outputs of a layer that the monitor is taken to count: traces hold fractions, not counts. */
const OUTPUTS_PER_LAYER = 2 ** 16

/**
 * Dysta as the generated scheduler computes it, bit for bit: ticks, table words, density sums, saturating integers.
 * The double-precision rule is asked beside it, so that differing decisions can be counted.
 */
function start(queue: QueueState, settings: PolicySettings): Chooser {
  const { ids, deadlineS, lastRunS, executedS, at } = queue
  const options = hardwareOptions({
    format: settings.hardwareFormat ?? 'int16',
    beta: settings.beta,
  })
  const horizonS = queue.stream.sloS.reduce((most, slo) => Math.max(most, slo), 0)
  const tick = tickFor(options, horizonS)
  const { rows, remaining } = hardwareTables(queue, settings, options, tick.seconds)
  const score = scoreWord(options)
  const half = 2 ** (integerWidths(options).time - 1)
  const doubles = dysta.start(queue, settings)
  let asked = 0
  let differing = 0
  /** Record positions: a request that leaves is replaced by the last one. */
  const order: number[] = []
  const scoreOf = (id: number, nowS: number): number => {
    const now = Math.floor(nowS / tick.seconds)
    const slack = Math.floor(deadlineS[id] / tick.seconds) - now
    const waited = now - Math.floor(lastRunS[id] / tick.seconds)
    return score({
      remaining: remaining[at[id]],
      slack: Math.max(0, slack),
      late: slack < 0,
      age: waited >= half ? 2 * half - 1 : waited,
      kappa: rows[queue.stream.traceIndex[id]][0].kappa,
      share: Math.round(2 ** 16 / queue.length),
    })
  }
  return {
    kind: 'choice',
    score: scoreOf,
    choose(nowS) {
      let best = -1
      let bestScore = Infinity
      let running = -1
      for (const id of order) {
        if (lastRunS[id] === nowS && executedS[id] > 0) running = id
        const value = scoreOf(id, nowS)
        if (value < bestScore) {
          best = id
          bestScore = value
        }
      }
      if (running >= 0 && scoreOf(running, nowS) === bestScore) best = running
      asked++
      if (doubles.kind === 'choice' && ids[doubles.choose(nowS)] !== best) differing++
      return ids.indexOf(best)
    },
    joined: (id) => void order.push(id),
    left(id) {
      const hole = order.indexOf(id)
      const moved = order.pop()
      if (moved !== undefined && moved !== id) order[hole] = moved
    },
    differing: () => ({ asked, differing }),
  }
}

/** Table rows per trace, and the 24-bit remaining time at every position of {@link Knowledge}. */
function hardwareTables(
  queue: QueueState,
  { beta }: PolicySettings,
  options: HardwareOptions,
  tickS: number,
): { readonly rows: readonly (readonly TableRow[])[]; readonly remaining: Int32Array } {
  const { tables } = queue
  const { fraction, kappa } = integerWidths(options)
  const subTicks = 2 ** fraction
  const remaining = new Int32Array(tables.realRemainingS.length)
  const rows = tables.traces.map((trace, t) => {
    const { layerCount } = trace
    const profiled = tables.patternRemainingS.subarray(tables.estimateStart[t])
    return Array.from({ length: layerCount }, (_, k) =>
      tableRow(
        {
          remaining: (profiled[k] / tickS) * subTicks,
          executed: k,
          expectedNonzeros: (1 - tables.profiles[t].layerSparsity[k]) * OUTPUTS_PER_LAYER,
          waitingWeight: (beta * subTicks) / profiled[0],
          last: k === layerCount - 1,
        },
        kappa,
      ),
    )
  })
  tables.traces.forEach((trace, t) => {
    const { layerCount, sampleCount, sparsity } = trace
    for (let s = 0; s < sampleCount; s++) {
      const from = tables.sampleStart[t] + s * (layerCount + 1)
      let sigma = 2 ** SIGMA_FRACTION_BITS
      for (let k = 0; k < layerCount; k++) {
        remaining[from + k] = scaledProduct(sigma, rows[t][k].latency)
        const count = Math.round((1 - sparsity[s * layerCount + k]) * OUTPUTS_PER_LAYER)
        sigma = nextSigma(sigma, k === 0, scaledProduct(count, rows[t][k].reciprocal))
      }
    }
  })
  return { rows, remaining }
}

/** Hardware arithmetic of the `rtl` room as a policy. */
export const dystaHw: Policy = {
  ...dysta,
  name: 'dysta-hw',
  summary: 'Dysta in the integer arithmetic of the generated hardware scheduler (--format)',
  origin: 'heddle',
  start,
}
