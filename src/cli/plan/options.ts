import { InputError, suggestName } from '../../base/index.js'
import type { Scenario } from '../../model/index.js'
import { policies as placePolicies } from '../../place/index.js'

export interface PlanOptions {
  readonly vary: readonly string[]
  readonly objective?: Scenario['objective']
  readonly placePolicy: string
  /** Folder of the cache; undefined = none. */
  readonly cache: string | undefined
}

const objectives = ['energy', 'latency', 'edp', 'violations'] as const

/** @throws InputError naming the nearest valid word */
export function checkPlanOptions(raw: Readonly<Record<string, unknown>>): PlanOptions {
  const { vary, objective, placePolicy, cache } = raw as {
    readonly vary?: readonly string[]
    readonly objective?: string
    readonly placePolicy: string
    readonly cache: string | false
  }
  check('--objective', objective, objectives)
  check('--place-policy', placePolicy, Object.keys(placePolicies))
  return {
    vary: vary ?? [],
    placePolicy,
    cache: cache === false ? undefined : cache,
    ...(objective === undefined ? {} : { objective: objective as Scenario['objective'] }),
  }
}

function check(option: string, word: string | undefined, words: readonly string[]): void {
  if (word === undefined || words.includes(word)) return
  throw new InputError({
    code: 'E-CLI-006',
    message: `${option} ${word} is not known`,
    hint: suggestName(word, words),
  })
}
