import type { PlanResult } from '../../plan/index.js'

/** One scenario, or one variant of it, with what was replaced. */
export interface PlannedVariant {
  readonly settings: Readonly<Record<string, number | string>>
  readonly result: PlanResult
}

/** A variant that cannot be planned, and why not. */
export interface ImpossibleVariant {
  readonly settings: Readonly<Record<string, number | string>>
  readonly reasons: readonly string[]
}

/** All variants that were asked for: at least one could be planned. */
export interface PlannedVariants {
  readonly variants: readonly PlannedVariant[]
  readonly impossible: readonly ImpossibleVariant[]
}

/** The variant with the smallest objective; the first of equals. */
export function bestVariant(variants: readonly PlannedVariant[]): PlannedVariant {
  return variants.reduce((a, b) => (b.result.objective.value < a.result.objective.value ? b : a))
}

/** `heddle plan --json`: the best variant in full, all variants in one line each. */
export function planDocument(
  { variants, impossible }: PlannedVariants,
  cache: { readonly hits: number; readonly misses: number },
): object {
  const best = bestVariant(variants)
  const { scenario, runs, ...rest } = best.result
  return {
    scenario: scenario.name,
    settings: best.settings,
    ...rest,
    runs: runs.map(({ segments: _segments, ...run }) => run),
    variants: variants.map(({ settings, result }) => ({
      settings,
      objective: result.objective,
      policy: result.best.policy,
      violationRate: result.best.violationRate,
      meanLatencyMs: result.best.meanLatencyMs,
      p99LatencyMs: result.best.p99LatencyMs,
      powerW: result.powerW,
    })),
    impossible,
    cache,
  }
}
