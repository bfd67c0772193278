import { describe, expect, it } from 'vitest'
import { place } from '../../src/index.js'
import type { Schedule } from '../../src/model/index.js'
import { goldenJson } from './golden-data.js'
import { goldenCosts, goldenGraph, goldenSoc, type PrismModel } from './prism-model.js'

interface BestKnown {
  readonly id: string
  readonly model: string
  readonly arch: string
  readonly n_npu: number
  readonly n_cpu: number
  readonly batches: number
  readonly clock: number
  readonly lower_bounds: {
    readonly critical_path: number
    readonly cpu_only_load: number
    readonly resource_lp: number
    readonly best: number
  }
  readonly makespan: number
  readonly start_tick?: readonly number[]
  readonly start?: readonly number[]
  readonly core?: string
  readonly core_id?: readonly number[]
}

function requestOf(c: BestKnown, model: PrismModel) {
  return {
    applications: [{ graph: goldenGraph(model), inputs: c.batches }],
    soc: goldenSoc(c.arch, c.n_npu, c.n_cpu),
    costs: goldenCosts(model),
    clockUs: c.clock,
  }
}

/** The complete schedule of a case, or undefined where the file has only its makespan. */
function scheduleOf(c: BestKnown, model: PrismModel): Schedule | undefined {
  const startUs = c.start_tick?.map((tick) => tick * c.clock) ?? c.start
  if (startUs === undefined || c.core === undefined || c.core_id === undefined) return undefined
  const { core } = c
  return {
    kind: 'schedule',
    startUs,
    endUs: startUs.map((start, i) => {
      const op = model.ops[i % model.ops.length]
      return start + (core[i] === 'n' ? op.npu_us : op.cpu_us)
    }),
    core: Array.from(core, (letter) => (letter === 'n' ? 'npu' : 'cpu')),
    coreId: c.core_id,
  }
}

describe('prism', () => {
  const file = goldenJson<{ cases: BestKnown[] }>('prism', 'best_known.json')
  if (file === undefined) console.warn('prism/best_known.json is absent: its cases are skipped')
  const modelOf = (c: BestKnown): PrismModel => {
    const model = goldenJson<PrismModel>('prism', `model_${c.model}.json`)
    if (model === undefined) throw new Error(`the folder has no model_${c.model}.json`)
    return model
  }

  it.skipIf(!file).each(file?.cases ?? [])('best_known.json: bounds of $id', (c) => {
    const bounds = place.lowerBounds(place.compileProblem(requestOf(c, modelOf(c))))
    const { critical_path, cpu_only_load, resource_lp, best } = c.lower_bounds
    expect(bounds.criticalPathUs / critical_path).toBeCloseTo(1, 9)
    // Ours add heads and tails to loads, so they may be tighter, never above a schedule that exists.
    const slack = 1 - 1e-9
    expect(bounds.dedicatedLoadUs).toBeGreaterThanOrEqual(cpu_only_load * slack)
    expect(bounds.resourceLpUs).toBeGreaterThanOrEqual(resource_lp * slack)
    expect(bounds.bestUs).toBeGreaterThanOrEqual(best * slack)
    expect(bounds.bestUs).toBeLessThanOrEqual(c.makespan)
  })

  const complete = (file?.cases ?? []).filter((c) => c.core !== undefined)
  it.skipIf(!file).each(complete)('best_known.json: the checker accepts $id', (c) => {
    const model = modelOf(c)
    const schedule = scheduleOf(c, model)
    if (schedule === undefined) throw new Error('the case has no complete schedule')
    const check = place.checkSchedule(requestOf(c, model), schedule)
    expect(check.violations).toEqual([])
    expect(check.makespanUs / c.makespan).toBeCloseTo(1, 12)
    // And notices a schedule in which two instances change their starts.
    const startUs = [...schedule.startUs]
    ;[startUs[0], startUs[1]] = [startUs[1], startUs[0]]
    expect(
      place.checkSchedule(requestOf(c, model), { ...schedule, startUs }).violations,
    ).not.toEqual([])
  })
})
