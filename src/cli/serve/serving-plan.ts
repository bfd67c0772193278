import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { InputError, type Diagnostic } from '../../base/index.js'
import {
  readArrivalTimes,
  readServing,
  resolveServing,
  type ParsedServing,
} from '../../formats/index.js'
import { policies, predictors } from '../../serve/index.js'
import type { ServeOptions } from './options.js'
import { readTraces } from './read-traces.js'
import { DEFAULT_POLICIES, type PlannedStream, type ServePlan } from './serve-plan.js'
import { systemOf } from './system-options.js'

/** Whether a stream file is a whole experiment (`kind: serving`) and not a list of requests. */
export function isServing(file: string, text: string): boolean {
  return /\.(ya?ml|json)$/i.test(file) || /^\s*["']?kind["']?\s*:\s*["']?serving\b/m.test(text)
}

/** The plan of an experiment file; what the command line says wins over what the file says. */
export async function servingPlan(
  text: string,
  file: string,
  options: ServeOptions,
): Promise<ServePlan> {
  const parsed = readServing(text, file)
  const { value } = parsed
  const beside = (path: string): string =>
    isAbsolute(path) || !existsSync(join(dirname(file), path)) ? path : join(dirname(file), path)
  const listed = typeof value.traces === 'string' ? [value.traces] : value.traces
  const traces = await readTraces(options.traces ?? listed.map(beside).join(','), {
    sequenceLength: options.seqLen ?? value.sequenceLength,
  })
  const names = { traces, policies: Object.keys(policies), predictors: Object.keys(predictors) }
  const { mix, ratePerS, speeds, affinity } = resolveServing(
    parsed,
    names,
    replayedTimes(parsed, beside),
  )
  const ownSlo = mix.sources.every((source) => source.slo !== undefined)
  const multipliers = options.sloMultiplier ?? value.sloMultipliers
  const streams = (options.seeds ?? value.seeds).flatMap((seed) =>
    value.load.map((load): PlannedStream => ({
      key: { rate: ratePerS === undefined ? null : rounded(ratePerS * load), seed },
      source: { kind: 'mix', mix, load, seed },
      ...(ownSlo ? {} : { sloMultipliers: multipliers }),
    })),
  )
  const predictor = options.predictor ?? value.predictor
  const wanted = options.policy ?? value.policies ?? DEFAULT_POLICIES
  return {
    title: value.name,
    traces,
    streams,
    system: systemOf(options, traces, {
      speeds,
      ...(affinity === undefined ? {} : { affinity }),
      saveS: value.machine.saveMs / 1000,
      restoreS: value.machine.restoreMs / 1000,
      admission: value.machine.admission,
    }),
    policies: wanted.includes('all') ? Object.keys(policies) : wanted,
    ...(predictor === undefined ? {} : { predictor }),
  }
}

/** Times of the streams that replay a file, by index of the stream. */
function replayedTimes(
  { value, at }: ParsedServing,
  beside: (path: string) => string,
): Map<number, readonly number[]> {
  const problems: Diagnostic[] = []
  const times = new Map<number, readonly number[]>()
  value.streams.forEach(({ arrivals }, i) => {
    if (arrivals?.process !== 'replay') return
    const path = beside(arrivals.file)
    if (!existsSync(path)) {
      const position = at(['streams', i, 'arrivals', 'file'])
      problems.push({ code: 'E-REPL-000', at: position, message: `there is no file "${path}"` })
      return
    }
    times.set(i, readArrivalTimes(readFileSync(path, 'utf8'), path, arrivals))
  })
  if (problems.length > 0) throw new InputError(problems)
  return times
}

/** Without the last binary digits of a product: 0.8 × 12 requests per second are 9.6. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}
