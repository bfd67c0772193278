import { compareBy, objectiveOf, type EnergyAndLatency, type Objective } from './objective.js'

/** One way to run the units `first` … `last` (inclusive) as one stack. */
export interface StackOption extends EnergyAndLatency {
  readonly first: number
  readonly last: number
}

/** A cover of all units by stacks. */
export interface Partition<T> extends EnergyAndLatency {
  readonly stacks: readonly T[]
}

/** One prefix cover; its stacks are found by walking `previous`. */
interface Label<T> extends EnergyAndLatency {
  readonly option?: T
  readonly previous?: Label<T>
}

/**
 * The best cover of units 0 … count−1 by consecutive stacks: dynamic programming over the ends of units. Energy and
 * latency add up, so for either of them the best prefix suffices; their product does not decompose, so all prefixes
 * that no other beats in both are kept, and the best product is still exact.
 * @returns undefined when the options cannot cover the units
 */
export function bestPartition<T extends StackOption>(
  count: number,
  options: readonly T[],
  objective: Objective,
): Partition<T> | undefined {
  const endingAt: T[][] = Array.from({ length: count }, () => [])
  for (const option of options) endingAt[option.last].push(option)
  const labels: Label<T>[][] = [[{ energyPj: 0, latencyCycles: 0 }]]
  for (let end = 0; end < count; end++) {
    const found = endingAt[end].flatMap((option) =>
      labels[option.first].map((previous): Label<T> => ({
        energyPj: previous.energyPj + option.energyPj,
        latencyCycles: previous.latencyCycles + option.latencyCycles,
        option,
        previous,
      })),
    )
    found.sort(compareBy(objective === 'edp' ? 'energy' : objective))
    labels.push(objective === 'edp' ? undominated(found) : found.slice(0, 1))
  }
  const finals = labels[count]
  if (finals.length === 0) return undefined
  const best = finals.reduce((a, b) =>
    objectiveOf(objective, b) < objectiveOf(objective, a) ? b : a,
  )
  const stacks: T[] = []
  for (
    let label: Label<T> | undefined = best;
    label?.option !== undefined;
    label = label.previous
  ) {
    stacks.unshift(label.option)
  }
  return { energyPj: best.energyPj, latencyCycles: best.latencyCycles, stacks }
}

/** Labels that no other one beats in energy and latency at once; the input is in order of energy. */
function undominated<T>(sorted: readonly Label<T>[]): Label<T>[] {
  let lowest = Infinity
  return sorted.filter((label) => {
    if (label.latencyCycles >= lowest) return false
    lowest = label.latencyCycles
    return true
  })
}
