import { createRng, InputError, suggestName, type Diagnostic } from '../../base/index.js'
import {
  createRequestStream,
  type Request,
  type RequestStream,
  type Trace,
} from '../../model/index.js'

/** Columns of a stream file; only the arrival is required. */
const COLUMNS = ['arrival_s', 'trace', 'sample', 'priority', 'slo_s', 'parent']
const MAX_PROBLEMS = 20

/** A stream as read; without SLOs of its own, `sloS` is 0 and a multiplier decides. */
export interface GivenStream {
  readonly stream: RequestStream
  readonly hasSlo: boolean
}

/**
 * Reads a stream of requests: CSV with a header. `arrival_s` is required; `trace` (a trace's name) and `sample` are
 * drawn with `seed` where absent, `priority` is 1, `slo_s` absent in all rows leaves the SLO to a multiplier, and
 * `parent` is the row (from 0) of the request that must finish first. Rows are sorted by arrival.
 * @throws InputError with every problem, up to 20
 */
export function readStreamCsv(
  text: string,
  file: string,
  traces: readonly Trace[],
  seed: number,
): GivenStream {
  const problems: Diagnostic[] = []
  const complain = (line: number, message: string, hint?: string): void => {
    if (problems.length >= MAX_PROBLEMS) return
    problems.push({ code: 'E-STR-001', at: { file, line }, message, ...(hint ? { hint } : {}) })
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const headerAt = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'))
  const header = (lines[headerAt] ?? '').split(',').map((cell) => cell.trim())
  if (!header.includes('arrival_s')) {
    complain(
      Math.max(1, headerAt + 1),
      `there is no column "arrival_s"; found ${header.join(', ') || 'nothing'}`,
    )
  }
  for (const name of header) {
    if (name !== '' && !COLUMNS.includes(name))
      complain(headerAt + 1, `unknown column "${name}"`, suggestName(name, COLUMNS))
  }
  if (problems.length > 0) throw new InputError(problems)
  const rng = createRng(seed, 7)
  const hasSlo = header.includes('slo_s')
  const requests: Request[] = []
  for (let l = headerAt + 1; l < lines.length; l++) {
    if (lines[l].trim() === '' || lines[l].startsWith('#')) continue
    const cells = lines[l].split(',').map((cell) => cell.trim())
    const cell = (name: string): string | undefined => cells[header.indexOf(name)] || undefined
    const number = (name: string, absent: number, valid: (x: number) => boolean): number => {
      const found = cell(name)
      if (found === undefined) return absent
      const value = Number(found)
      if (!valid(value)) complain(l + 1, `"${name}" is "${found}"`)
      return value
    }
    const arrivalS = number('arrival_s', Number.NaN, (x) => x >= 0 && x < Infinity)
    if (Number.isNaN(arrivalS)) complain(l + 1, 'the arrival is missing or not a number')
    const named = cell('trace')
    const traceIndex =
      named === undefined
        ? rng.below(traces.length)
        : traces.findIndex((trace) => trace.name === named)
    if (traceIndex < 0) {
      complain(
        l + 1,
        `there is no trace "${named}"`,
        suggestName(
          named ?? '',
          traces.map((trace) => trace.name),
        ),
      )
      continue
    }
    const { sampleCount, name } = traces[traceIndex]
    const whole = (x: number): boolean => Number.isInteger(x) && x >= 0
    const sampleIndex = cell('sample') ? number('sample', 0, whole) : rng.below(sampleCount)
    if (sampleIndex >= sampleCount)
      complain(l + 1, `sample ${sampleIndex}, but trace ${name} has samples 0 … ${sampleCount - 1}`)
    requests.push({
      arrivalS,
      traceIndex,
      sampleIndex,
      priority: number('priority', 1, (x) => x > 0 && x < Infinity),
      sloS: number('slo_s', hasSlo ? Infinity : 0, (x) => x >= 0),
      parent: cell('parent') === undefined ? -1 : number('parent', -1, whole),
    })
  }
  requests.forEach((request, i) => {
    const parent = request.parent ?? -1
    if (parent >= i) complain(headerAt + 2 + i, `parent ${parent} is not an earlier request`)
  })
  if (requests.length === 0) complain(headerAt + 1, 'there are no requests below the header')
  if (problems.length > 0) throw new InputError(problems)
  return { stream: createRequestStream(sortByArrival(requests)), hasSlo }
}

function sortByArrival(requests: readonly Request[]): Request[] {
  const order = requests.map((_, i) => i)
  order.sort((a, b) => requests[a].arrivalS - requests[b].arrivalS || a - b)
  const placeOf = new Map(order.map((row, place) => [row, place]))
  return order.map((row) => ({
    ...requests[row],
    parent: placeOf.get(requests[row].parent ?? -1) ?? -1,
  }))
}
