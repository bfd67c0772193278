import { InputError, suggestName } from '../../base/index.js'
import { conventionsByName, policies, predictors, type HardwareFormat } from '../../serve/index.js'

/** Options of `heddle serve` after parsing. */
export interface ServeOptions {
  readonly case?: string
  readonly traces?: string
  readonly stream?: string
  readonly arrivals?: string
  readonly rate?: readonly number[]
  readonly requests?: number
  readonly seeds?: readonly number[]
  readonly sloMultiplier?: readonly number[]
  /** Periodic arrivals: jitter in periods, 0 … 1. */
  readonly jitter?: number
  /** Bursts: peak over mean rate, share of time, mean length in seconds. */
  readonly burst?: readonly number[]
  readonly speeds?: readonly number[]
  /** TRACE=K,… per entry. */
  readonly affinity?: readonly string[]
  readonly saveMs?: number
  readonly restoreMs?: number
  readonly admission?: 'all' | 'feasible'
  readonly policy?: readonly string[]
  readonly predictor?: string
  readonly accelerators?: number
  readonly seqLen?: number
  readonly alpha?: number
  readonly beta?: number
  /** Arithmetic of dysta-hw. */
  readonly format: HardwareFormat
  readonly asPublished: boolean
  readonly conventions: string
  readonly requestsOut: boolean
}

/** Options that only a generated stream has. */
const GENERATOR_OPTIONS = ['arrivals', 'rate', 'requests', 'jitter', 'burst'] as const

/**
 * Checks the names among the options.
 * @throws InputError naming the nearest valid name of each
 */
export function checkServeOptions(raw: Readonly<Record<string, unknown>>): ServeOptions {
  const options = raw as unknown as ServeOptions
  const conventions = options.asPublished ? 'published' : options.conventions
  const wanted = options.policy?.includes('all') ? Object.keys(policies) : options.policy
  const problems = [
    ...(wanted ?? []).flatMap((name) => unknown(name, policies, 'policy')),
    ...(options.predictor === undefined ? [] : unknown(options.predictor, predictors, 'predictor')),
    ...unknown(conventions, conventionsByName, 'conventions'),
  ]
  problems.push(...unknown(options.format, { int16: 1, int20: 1 }, 'format'))
  if (options.admission !== undefined)
    problems.push(...unknown(options.admission, { all: 1, feasible: 1 }, 'admission'))
  if (options.stream !== undefined) {
    for (const name of GENERATOR_OPTIONS.filter((each) => options[each] !== undefined)) {
      problems.push({
        code: 'E-SRV-006',
        message: `--${name} draws requests, --stream gives them`,
        hint: 'leave one of the two out',
      })
    }
  }
  if (problems.length > 0) throw new InputError(problems)
  return { ...options, conventions, ...(wanted === undefined ? {} : { policy: wanted }) }
}

function unknown(
  name: string,
  known: Readonly<Record<string, unknown>>,
  what: string,
): { code: string; message: string; hint: string }[] {
  if (Object.hasOwn(known, name)) return []
  const hint = suggestName(name, Object.keys(known))
  return [{ code: 'E-SRV-001', message: `unknown ${what} "${name}"`, hint }]
}
