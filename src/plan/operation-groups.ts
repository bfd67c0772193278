import type { PlannedOperation } from './plan-result.js'

/** All operations of one type on one kind of core. */
export interface OperationGroup {
  readonly type: string
  readonly core: string
  readonly count: number
  readonly busyUs: number
  readonly energyPj: number
}

/** Operations by type and kind of core, the longest together first. */
export function operationGroups(operations: readonly PlannedOperation[]): OperationGroup[] {
  const groups = new Map<string, OperationGroup>()
  for (const { type, core, startUs, endUs, energyPj } of operations) {
    const key = JSON.stringify([type, core])
    const group = groups.get(key) ?? { type, core, count: 0, busyUs: 0, energyPj: 0 }
    groups.set(key, {
      ...group,
      count: group.count + 1,
      busyUs: group.busyUs + endUs - startUs,
      energyPj: group.energyPj + energyPj,
    })
  }
  return [...groups.values()].sort((a, b) => b.busyUs - a.busyUs)
}
