import type { Diagnostic } from '../base/index.js'
import { bestPartition, type StackOption } from './best-partition.js'
import type { StackPoint } from './explore.js'
import type { StackRange } from './stack-range.js'
import { compareBy, type Objective } from './objective.js'
import type { OverlapMode } from './overlap-mode.js'
import type { TileSize } from './tile-sizes.js'
import type { ExplorationPlan } from './plan-exploration.js'

/** A stack with the mode and tile it runs in. */
export interface ChosenStack extends StackRange {
  readonly mode: OverlapMode
  readonly tile: TileSize
}

type Option = StackOption & { readonly point: StackPoint }

/** A priced stack without its price. */
export function chosenStack({ first, last, mode, tile }: StackPoint): ChosenStack {
  return { first, last, mode, tile }
}

/** The stacks to run, given the prices of each range: the fixed ones at their best price, or the best partition. */
export function choose(
  plan: ExplorationPlan,
  objective: Objective,
  pricesOf: (range: StackRange) => readonly StackPoint[],
): StackPoint[] | { readonly reason?: Diagnostic } {
  let reason: Diagnostic | undefined
  const feasible = (range: StackRange): StackPoint[] => {
    const found = pricesOf(range)
    reason ??= found.find((point) => point.misfit !== undefined)?.misfit
    return found.filter((point) => point.summary !== undefined)
  }
  if (
    plan.fixed !== undefined &&
    plan.fixed.some((range, i) => i > 0 && range.first !== plan.fixed![i - 1].last + 1)
  ) {
    // Published stacks may overlap (Q20): every one counts.
    const each = plan.fixed.map((range) => cheapest(feasible(range), objective))
    return each.every((point) => point !== undefined) ? each : { ...(reason && { reason }) }
  }
  const { count, options } = optionsOf(plan, feasible)
  const found = bestPartition(count, options, objective)
  if (found === undefined) return { ...(reason && { reason }) }
  return found.stacks.map(({ point }) => point)
}

function cheapest(points: readonly StackPoint[], objective: Objective): StackPoint | undefined {
  const compare = compareBy(objective)
  return [...points].sort((a, b) => compare(a.summary!, b.summary!))[0]
}

/** Priced stacks over the layers of the network; fixed stacks are a partition with one choice. */
function optionsOf(
  plan: ExplorationPlan,
  feasible: (range: StackRange) => StackPoint[],
): { readonly count: number; readonly options: Option[] } {
  const toOption = (first: number, last: number, point: StackPoint): Option => ({
    first,
    last,
    point,
    energyPj: point.summary!.energyPj,
    latencyCycles: point.summary!.latencyCycles,
  })
  if (plan.fixed !== undefined) {
    return {
      count: plan.fixed.length,
      options: plan.fixed.flatMap((range, i) =>
        feasible(range).map((point) => toOption(i, i, point)),
      ),
    }
  }
  return {
    count: plan.singles.length,
    options: plan.ranges.flatMap(({ first, last }) =>
      feasible({ first, last }).map((point) => toOption(first, last, point)),
    ),
  }
}
