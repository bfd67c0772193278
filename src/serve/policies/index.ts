import type { Policy } from '../policy.js'
import { dysta, dystaNaive, dystaOracle } from './dysta.js'
import { fcfs } from './fcfs.js'
import { planaria } from './planaria.js'
import { prema, premaSparse } from './prema.js'
import { sdrm3, sdrm3Sparse } from './sdrm3.js'
import { sjf, sjfSparse, srpt } from './sjf.js'

export { SentinelCollision } from './best-score.js'

const list: readonly Policy[] = [
  fcfs,
  sjf,
  sjfSparse,
  prema,
  premaSparse,
  planaria,
  sdrm3,
  sdrm3Sparse,
  dystaNaive,
  dysta,
  dystaOracle,
  srpt,
]

/** Every policy, by the name that `--policy` accepts. A new policy is one file and one line here. */
export const policies: Readonly<Record<string, Policy>> = Object.freeze(
  Object.fromEntries(list.map((policy) => [policy.name, policy])),
)
