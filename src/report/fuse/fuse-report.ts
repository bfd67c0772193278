import type {
  CandidateCount,
  CostSummary,
  LayerSearch,
  Objective,
  OverlapMode,
  ReshapedMap,
  StackDetail,
} from '../../fuse/index.js'

/** Everything that `heddle fuse` tells: the document of `--json`, and what text and figures are made of. */
export interface FuseReport {
  readonly accelerator: string
  readonly network: string
  readonly conventions: 'standard' | 'published'
  readonly search: LayerSearch
  readonly objective: Objective
  readonly points: readonly FusePoint[]
  readonly infeasible: readonly {
    readonly mode: OverlapMode
    readonly tileX: number
    readonly tileY: number
    readonly message: string
  }[]
  readonly best: CostSummary & {
    readonly mode: OverlapMode | 'per-stack'
    readonly tileX: number | null
    readonly tileY: number | null
    readonly objective: number
    readonly stacks: number
  }
  readonly status: 'optimal' | 'heuristic'
  readonly proof: string
  readonly complete: boolean
  readonly baselines: {
    readonly singleLayer: CostSummary | null
    readonly layerByLayer: CostSummary | null
  }
  readonly stacks: readonly StackDetail[]
  /** Where stacks had to end because a map does not lie as it is read. */
  readonly reshaped: readonly ReshapedMap[]
  readonly seconds: number
  readonly evaluations: number
  readonly problems: { readonly asked: number; readonly distinct: number }
  readonly candidates: CandidateCount
}

export type FusePoint = CostSummary & {
  readonly mode: OverlapMode
  readonly tileX: number
  readonly tileY: number
}
