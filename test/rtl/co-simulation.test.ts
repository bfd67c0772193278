import { describe, expect, test } from 'vitest'
import { createRng } from '../../src/base/index.js'
import { createRequestStream, quietRun, type Trace } from '../../src/model/index.js'
import {
  hardwareOptions,
  integerModules,
  integerWidths,
  SchedulerModel,
  tableRow,
  tickFor,
  type Operation,
  type Start,
  type TableRow,
} from '../../src/rtl/index.js'
import {
  createTables,
  measure,
  policies,
  simulate,
  standard,
  type Chooser,
  type Policy,
  type ServeTables,
} from '../../src/serve/index.js'
import { hasYosys } from '../../src/toolchains/index.js'
import { goldenTrace } from '../golden/dysta-case.js'
import { NetlistEvaluator } from './netlist-evaluator.js'
import { wordLevelNetlist } from './netlist.js'
import { createPlayer } from './play-operations.js'

const present = await hasYosys()
if (!present) console.log('skipped: @yowasp/yosys is not installed')

const REQUESTS = 200
const OUTPUTS = 2 ** 16
const options = hardwareOptions({ slots: 64, rows: 64 })

/**
 * The engine is the accelerator: it runs the layers and keeps the time. Who runs next is read off the RTL, clock by
 * clock; the bit-accurate model is asked the same and must agree on request and score.
 */
function rtlPolicy(core: NetlistEvaluator): Policy {
  return {
    ...policies['dysta-hw'],
    name: 'rtl',
    asked: 'every-layer',
    start(queue, { beta }): Chooser {
      const { tables, stream, ids, at, lastRunS, deadlineS, arrivalS } = queue
      const tick = tickFor(options, Math.max(...stream.sloS))
      const rows = rowsOf(tables, beta, tick.seconds)
      const player = createPlayer(core, options)
      const model = new SchedulerModel(options, rows)
      const play = (operation: Operation): void =>
        expect(player.step(operation), operation.kind).toBeUndefined()
      const requestOf = new Map<number, number>()
      const ticks = (seconds: number): number => Math.floor(seconds / tick.seconds) & 0xffff
      let arrivals: number[] = []
      let running = -1
      let chosen = -1
      let leaving = -1
      const started = (start: Start | undefined): void => {
        if (start === undefined) return
        play({ kind: 'start', ...start, withinClocks: 0 })
        running = requestOf.get(start.tag) ?? -1
      }
      const submit = (id: number): void => {
        let tag = id % options.slots
        while (requestOf.has(tag)) tag = (tag + 1) % options.slots
        requestOf.set(tag, id)
        const now = ticks(arrivalS[id])
        play({ kind: 'now', now })
        play({ kind: 'submit', tag, row: 0, deadline: ticks(deadlineS[id]) })
        model.submit(tag, 0, ticks(deadlineS[id]), now)
        if (running < 0) for (const start of model.settle(now)) started(start)
      }
      const endLayer = (id: number): void => {
        const sample = stream.sampleIndex[id]
        const layer = at[id] - 1 - sample * (tables.layerCount[0] + 1)
        const { sparsity, layerCount } = tables.traces[0]
        const nonzeros = Math.round((1 - sparsity[sample * layerCount + layer]) * OUTPUTS)
        const now = ticks(lastRunS[id])
        play({ kind: 'now', now })
        for (const start of model.settle(now)) started(start)
        play({ kind: 'settle', occupancy: model.occupancy, misses: model.misses })
        play({ kind: 'finish', accelerator: 0, nonzeros, exit: false })
        const start = model.finish(0, nonzeros, now)
        running = -1
        const left = [...requestOf].find(([, request]) => request === id)
        if (left && layer === layerCount - 1) requestOf.delete(left[0])
        started(start)
      }
      const endLeaving = (): void => {
        if (leaving >= 0) endLayer(leaving)
        leaving = -1
      }
      rows.forEach((row, address) => play({ kind: 'row', address, row }))
      return {
        kind: 'choice',
        score: () => 0,
        joined: (id) => void arrivals.push(id),
        left: (id) => {
          leaving = id
          chosen = -1
        },
        choose: () => {
          // In order of time: the end of the last layer of a request, arrivals, the end of another layer.
          for (const id of arrivals) {
            if (leaving >= 0 && arrivalS[id] > lastRunS[leaving]) endLeaving()
            submit(id)
          }
          arrivals = []
          endLeaving()
          if (chosen >= 0) endLayer(chosen)
          chosen = running
          return ids.subarray(0, queue.length).indexOf(running)
        },
      }
    },
  }
}

function rowsOf(tables: ServeTables, beta: number, tickS: number): TableRow[] {
  const { fraction, kappa } = integerWidths(options)
  const { layerCount } = tables.traces[0]
  const profiled = tables.patternRemainingS
  return Array.from({ length: layerCount }, (_, k) =>
    tableRow(
      {
        remaining: (profiled[k] / tickS) * 2 ** fraction,
        executed: k,
        expectedNonzeros: (1 - tables.profiles[0].layerSparsity[k]) * OUTPUTS,
        waitingWeight: (beta * 2 ** fraction) / profiled[0],
        last: k === layerCount - 1,
      },
      kappa,
    ),
  )
}

function requestStream(trace: Trace, meanS: number): ReturnType<typeof createRequestStream> {
  const rng = createRng(11)
  let arrivalS = 0
  return createRequestStream(
    Array.from({ length: REQUESTS }, () => ({
      arrivalS: (arrivalS += rng.exponential(0.9 / meanS)),
      traceIndex: 0,
      sampleIndex: rng.below(trace.sampleCount),
      priority: 1,
      sloS: meanS * (4 + 12 * rng.next()),
    })),
  )
}

describe.skipIf(!present)('the serving engine runs the layers, the RTL takes the decisions', () => {
  test(`${REQUESTS} requests: RTL and model agree on every decision, and the stream is served as by dysta-hw`, async () => {
    const trace = goldenTrace('traces/sanger/load_balance_gpt2_glue_128.csv', 512)
    const tables = createTables([trace], standard)
    const stream = requestStream(trace, tables.profiles[0].patternLatencyS)
    const netlist = await wordLevelNetlist(integerModules(options), 'heddle_scheduler')
    const core = new NetlistEvaluator(netlist, 'heddle_scheduler')
    const settings = { alpha: 1, beta: 0.01 }
    const byRtl = simulate(stream, tables, rtlPolicy(core), settings, quietRun)
    const byPolicy = simulate(stream, tables, policies['dysta-hw'], settings, quietRun)
    if (byRtl === undefined || byPolicy === undefined) throw new Error('cancelled')
    expect(byRtl.finishS.every((finish) => finish > 0)).toBe(true)
    const antt = (simulation: typeof byRtl): number => measure(stream, tables, simulation).antt
    expect(Math.abs(antt(byRtl) / antt(byPolicy) - 1)).toBeLessThan(0.02)
  })
})
