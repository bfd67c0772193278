/** What a search minimises. */
export const objectives = ['energy', 'latency', 'edp'] as const
export type Objective = (typeof objectives)[number]

/** Energy and latency of anything. */
export interface EnergyAndLatency {
  readonly energyPj: number
  readonly latencyCycles: number
}

/** Value of an objective; `edp` is energy times latency. */
export function objectiveOf(objective: Objective, cost: EnergyAndLatency): number {
  switch (objective) {
    case 'energy':
      return cost.energyPj
    case 'latency':
      return cost.latencyCycles
    case 'edp':
      return cost.energyPj * cost.latencyCycles
  }
}

/** Order by objective; ties by the other figure of the two. */
export function compareBy(
  objective: Objective,
): (a: EnergyAndLatency, b: EnergyAndLatency) => number {
  return (a, b) =>
    objectiveOf(objective, a) - objectiveOf(objective, b) ||
    a.energyPj - b.energyPj ||
    a.latencyCycles - b.latencyCycles
}
