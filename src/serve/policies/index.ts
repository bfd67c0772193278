import type { Policy } from '../policy.js'
import { edf, leastLaxity } from './deadline.js'
import { dystaHw } from './dysta-hw.js'
import { dysta, dystaNaive, dystaOracle } from './dysta.js'
import { fcfs } from './fcfs.js'
import { planaria } from './planaria.js'
import { prema, premaSparse } from './prema.js'
import { pricedTriage } from './priced-triage.js'
import { roundRobin } from './round-robin.js'
import { sdrm3, sdrm3Sparse } from './sdrm3.js'
import { sjf, sjfSparse, srpt } from './sjf.js'
import { fs, rs } from './slowdown.js'
import { mh2, mh2Margin, mhEdf } from './triage.js'
import { premaTuned, sdrm3Tuned } from './tuned.js'

export { SentinelCollision } from './sentinel.js'

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
  dystaHw,
  srpt,
  edf,
  leastLaxity,
  roundRobin,
  premaTuned,
  sdrm3Tuned,
  rs,
  fs,
  mhEdf,
  mh2,
  mh2Margin,
  pricedTriage,
]

/** Every policy, by the name that `--policy` accepts. A new policy is one file and one line here. */
export const policies: Readonly<Record<string, Policy>> = Object.freeze(
  Object.fromEntries(list.map((policy) => [policy.name, policy])),
)

/** What `heddle serve` runs beside Dysta when no policy is named. */
export const defaultPolicy = pricedTriage.name
