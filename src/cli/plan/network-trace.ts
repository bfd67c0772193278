import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { InputError, suggestName } from '../../base/index.js'
import type { Network, Trace } from '../../model/index.js'
import { matchTrace, type MatchedTrace } from '../../plan/index.js'
import { readTraces } from '../serve/read-traces.js'

/**
 * The trace that a network of a scenario names: a file or folder beside the scenario or as given, a preset, or
 * `PRESET/NAME` where a folder holds several.
 * @throws InputError
 */
export async function readNetworkTrace(
  value: string,
  folder: string,
  network: Network,
): Promise<MatchedTrace> {
  const beside = join(folder, value)
  const place = !isAbsolute(value) && existsSync(beside) ? beside : value
  const slash = place.lastIndexOf('/')
  const named = !existsSync(place) && slash > 0
  const traces = await readTraces(named ? place.slice(0, slash) : place, {})
  const trace = named
    ? oneNamed(traces, place.slice(slash + 1), place.slice(0, slash))
    : onlyOne(traces, value)
  return matchTrace(trace, network, value)
}

function onlyOne(traces: readonly Trace[], value: string): Trace {
  if (traces.length === 1) return traces[0]
  throw new InputError({
    code: 'E-PLAN-022',
    at: { file: value },
    message: `there are ${traces.length} traces here, a network takes one`,
    hint: `give ${value}/NAME with one of ${traces.map((each) => each.name).join(', ')}`,
  })
}

function oneNamed(traces: readonly Trace[], name: string, place: string): Trace {
  const found = traces.find((each) => each.name === name)
  if (found !== undefined) return found
  const names = traces.map((each) => each.name)
  throw new InputError({
    code: 'E-PLAN-023',
    at: { file: place },
    message: `there is no trace "${name}" here`,
    hint: suggestName(name, names) ?? `there are ${names.join(', ')}`,
  })
}
