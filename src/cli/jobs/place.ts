import type { Run } from '../../model/index.js'
import { policies, type Placement } from '../../place/index.js'
import { requestOf, type PlainRequest } from '../place/plain-request.js'

export interface PlaceJob {
  readonly policy: string
  readonly request: PlainRequest
}

export function run({ policy, request }: PlaceJob, run: Run): Placement {
  return policies[policy].place(requestOf(request), run)
}
