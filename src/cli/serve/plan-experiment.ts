import { existsSync, readFileSync } from 'node:fs'
import { InputError } from '../../base/index.js'
import type { ServeOptions } from './options.js'
import { readTraces } from './read-traces.js'
import { DEFAULT_POLICIES, type ServePlan } from './serve-plan.js'
import { isServing, servingPlan } from './serving-plan.js'
import { generatedStreams, givenStream } from './stream-source.js'
import { systemOf } from './system-options.js'

/**
 * What the options ask for; an experiment file may say most of it, and options on the command line win over it.
 * @throws InputError
 */
export async function planExperiment(options: ServeOptions, seed: number): Promise<ServePlan> {
  const text = options.stream === undefined ? undefined : streamText(options.stream)
  if (options.stream !== undefined && text !== undefined && isServing(options.stream, text))
    return servingPlan(text, options.stream, options)
  if (options.traces === undefined) {
    throw new InputError({
      code: 'E-SRV-002',
      message: 'there is nothing to serve',
      hint: 'give --traces DIR or a preset (heddle list traces), a whole experiment (--stream FILE.yaml), or --case FILE',
    })
  }
  const traces = await readTraces(options.traces, { sequenceLength: options.seqLen ?? 512 })
  return {
    title: options.traces,
    traces,
    streams:
      options.stream === undefined || text === undefined
        ? generatedStreams(options, seed)
        : [givenStream(text, options.stream, options, traces, seed)],
    system: systemOf(options, traces),
    policies: options.policy ?? DEFAULT_POLICIES,
    ...(options.predictor === undefined ? {} : { predictor: options.predictor }),
  }
}

function streamText(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8')
  throw new InputError({
    code: 'E-STR-000',
    at: { file },
    message: 'there is no such stream file',
  })
}
