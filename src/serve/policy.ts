import type { ServeConventions } from './conventions.js'
import type { KnowledgeLevel } from './knowledge.js'
import type { QueueState } from './queue-state.js'

/** Integer formats of the generated hardware scheduler. */
export type HardwareFormat = 'int16' | 'int20'

/** Numbers that a policy may be tuned by. */
export interface PolicySettings {
  /** Weight of fairness in SDRM3; 1 as published. */
  readonly alpha: number
  /** Weight of urgency and waiting in Dysta; 0.01 as published. */
  readonly beta: number
  readonly conventions: ServeConventions
  /** Integer format of the policies in hardware arithmetic; int16 when absent. */
  readonly hardwareFormat?: HardwareFormat
  /** Whether `score` will be asked: else a policy may leave out work that only shows there. */
  readonly explained?: boolean
}

/** A policy at work on one stream: either a key per request, or a free choice. */
export type Chooser =
  | {
      readonly kind: 'key'
      /** The request with the smallest key runs; ties go to the one admitted first. */
      readonly key: (id: number, nowS: number) => number
    }
  | {
      readonly kind: 'choice'
      /** Place in `queue.ids` of the request whose next layer runs; the queue is not empty. */
      readonly choose: (nowS: number) => number
      /**
       * Whether `choose` would certainly pick the request again that it picked last and that has run a layer since,
       * nobody having joined or left; false when in doubt. Saves scans; must not change the outcome.
       */
      readonly keeps?: (nowS: number) => boolean
      /** What `choose` compared, for logs; asked right after it. */
      readonly score: (id: number, nowS: number) => number
      /**
       * Told of every request that joins or leaves `queue.ids`, for policies that keep an order of their own. On several
       * accelerators a request leaves while one of them runs it, and joins again after the layer.
       */
      readonly joined?: (id: number) => void
      readonly left?: (id: number) => void
      /** Policies in hardware arithmetic: decisions so far, and how many of them double precision takes otherwise. */
      readonly differing?: () => DifferingDecisions
    }

/** How often a policy in hardware arithmetic chose what its double-precision rule would not. */
export interface DifferingDecisions {
  readonly asked: number
  readonly differing: number
}

/** One rule of who runs next. A policy is one small file and a line in `policies/index.ts`. */
export interface Policy {
  readonly name: string
  readonly summary: string
  /** Where the rule comes from: the published simulator, common practice, or Heddle itself. */
  readonly origin: 'published' | 'baseline' | 'heddle'
  /** What its latency estimates are made of. */
  readonly knows: KnowledgeLevel
  /** Name of the predictor that corrects the estimates by measured sparsity, unless the user names another. */
  readonly predictor: string
  /**
   * When a key can change: `never`; `when-run` (only a request's own execution changes it); `with-time`. The engine
   * keeps waiting requests in a heap and skips decisions where that cannot change the outcome.
   */
  readonly keyChanges: 'never' | 'when-run' | 'with-time'
  /**
   * When the policy is asked. `layers`: at every layer boundary with a choice (the default). `every-layer`: also when only
   * one request is there, because asking changes the policy's own state. `events`: only after an arrival or a finish.
   */
  readonly asked?: 'layers' | 'every-layer' | 'events'
  /** False when the SLO has no influence: one simulation then serves every SLO multiplier. */
  readonly usesDeadlines: boolean
  start(queue: QueueState, settings: PolicySettings): Chooser
}

/** α and β as published. */
export const publishedSettings = Object.freeze({ alpha: 1, beta: 0.01 })
