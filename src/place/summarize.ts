import type { Schedule } from '../model/index.js'
import type { PlaceProblem } from './problem.js'

/** How busy one core is. */
export interface CoreUse {
  readonly kind: string
  readonly coreId: number
  readonly tasks: number
  readonly busyUs: number
  /** Busy time over makespan. */
  readonly utilisation: number
}

/** What became of one input. */
export interface InputOutcome {
  readonly application: number
  readonly input: number
  readonly releaseUs: number
  readonly endUs: number
  /** End − release. */
  readonly responseUs: number
  /** Infinity when it has none. */
  readonly deadlineUs: number
}

/** Figures of a schedule, computed from the schedule that is shown and from nothing else. */
export interface ScheduleSummary {
  readonly makespanUs: number
  readonly cores: readonly CoreUse[]
  readonly inputs: readonly InputOutcome[]
  readonly missedDeadlines: number
  /** Active and idle energy of all cores; undefined when no kind states its power. */
  readonly energyUj?: number
}

export function summarize(p: PlaceProblem, schedule: Schedule): ScheduleSummary {
  const makespanUs = schedule.endUs.reduce((latest, end) => Math.max(latest, end), 0)
  const kinds = p.request.soc.cores
  const index = new Map(kinds.map((kind, k) => [kind.name, k]))
  const busy = new Float64Array(p.cores)
  const tasks = new Int32Array(p.cores)
  const inputs = new Map<
    string,
    { a: number; b: number; release: number; end: number; deadline: number }
  >()
  for (let t = 0; t < p.tasks; t++) {
    const core = p.firstCore[index.get(schedule.core[t]) ?? 0] + schedule.coreId[t]
    busy[core] += schedule.endUs[t] - schedule.startUs[t]
    tasks[core]++
    const key = `${p.application[t]}:${p.input[t]}`
    const seen = inputs.get(key)
    if (seen !== undefined) seen.end = Math.max(seen.end, schedule.endUs[t])
    else {
      inputs.set(key, {
        a: p.application[t],
        b: p.input[t],
        release: p.releaseUs[t],
        end: schedule.endUs[t],
        deadline: p.deadlineUs[t],
      })
    }
  }
  const outcomes = [...inputs.values()].map(({ a, b, release, end, deadline }) => ({
    application: a,
    input: b,
    releaseUs: release,
    endUs: end,
    responseUs: end - release,
    deadlineUs: deadline,
  }))
  const powered = kinds.some((k) => k.activePowerW !== undefined || k.idlePowerW !== undefined)
  const energyUj = Array.from(busy, (time, core) => {
    const kind = kinds[p.kindOfCore[core]]
    return (kind.activePowerW ?? 0) * time + (kind.idlePowerW ?? 0) * (makespanUs - time)
  }).reduce((sum, each) => sum + each, 0)
  return {
    makespanUs,
    cores: Array.from(busy, (busyUs, core) => ({
      kind: p.kindNames[p.kindOfCore[core]],
      coreId: core - p.firstCore[p.kindOfCore[core]],
      tasks: tasks[core],
      busyUs,
      utilisation: makespanUs > 0 ? busyUs / makespanUs : 0,
    })),
    inputs: outcomes,
    missedDeadlines: outcomes.filter((each) => each.endUs > each.deadlineUs * (1 + 1e-12)).length,
    ...(powered ? { energyUj } : {}),
  }
}
