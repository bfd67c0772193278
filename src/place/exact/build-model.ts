import { startLagUs, type PlaceProblem } from '../problem.js'
import { windows } from '../bounds/windows.js'
import type { Literal } from './clause-solver.js'
import { interchangeableCores, twinTasks } from './symmetry.js'
import type { Arc, Mode, OrderLiteral, StartModel } from './start-bounds.js'

/** A problem as clauses over cores and orders, and bounds on starts. */
export interface ExactModel {
  readonly model: StartModel
  readonly variables: number
  readonly clauses: readonly (readonly Literal[])[]
}

/**
 * Modes (task on core) and orders (a before b) as Boolean variables; exactly one mode per task; two tasks on one core
 * are ordered. Cores that can be swapped are numbered by first use, tasks that can be swapped by start.
 * @returns undefined when the model would have more than `mostVariables`
 */
export function buildModel(p: PlaceProblem, mostVariables: number): ExactModel | undefined {
  const given = windows(p)
  const modes: Mode[] = []
  const modeStart = new Int32Array(p.tasks + 1)
  let variables = 0
  const clauses: Literal[][] = []
  for (let t = 0; t < p.tasks; t++) {
    modeStart[t] = modes.length
    for (let core = 0; core < p.cores; core++) {
      const held = p.heldUs[t * p.kinds + p.kindOfCore[core]]
      if (held !== Infinity) modes.push({ task: t, core, held, chosen: 2 * variables++ })
    }
    const own = modes.slice(modeStart[t])
    clauses.push(own.map((mode) => mode.chosen))
    for (let i = 0; i < own.length; i++)
      for (let j = i + 1; j < own.length; j++) clauses.push([own[i].chosen ^ 1, own[j].chosen ^ 1])
  }
  modeStart[p.tasks] = modes.length
  if (p.tasks > 1500 || variables > mostVariables) return undefined

  const arcs: Arc[] = precedenceArcs(p, modes, modeStart)
  const orders: OrderLiteral[] = []
  const reach = reachability(p)
  const modeOn = (t: number, core: number): Mode | undefined => {
    for (let i = modeStart[t]; i < modeStart[t + 1]; i++)
      if (modes[i].core === core) return modes[i]
    return undefined
  }
  for (let a = 0; a < p.tasks; a++) {
    for (let b = a + 1; b < p.tasks; b++) {
      if (reach[a].has(b) || reach[b].has(a)) continue
      const shared: [Mode, Mode][] = []
      for (let i = modeStart[a]; i < modeStart[a + 1]; i++) {
        const other = modeOn(b, modes[i].core)
        if (other !== undefined) shared.push([modes[i], other])
      }
      if (shared.length === 0) continue
      const dedicated =
        modeStart[a + 1] - modeStart[a] === 1 && modeStart[b + 1] - modeStart[b] === 1
      const forward = 2 * variables++
      const back = dedicated ? forward ^ 1 : 2 * variables++
      if (variables > mostVariables) return undefined
      if (!dedicated) {
        clauses.push([forward ^ 1, back ^ 1])
        for (const [x, y] of shared) clauses.push([x.chosen ^ 1, y.chosen ^ 1, forward, back])
      }
      arcs.push({ from: a, to: b, condition: forward, lag: undefined })
      arcs.push({ from: b, to: a, condition: back, lag: undefined })
      orders.push({ first: a, second: b, literal: forward })
      orders.push({ first: b, second: a, literal: back })
    }
  }
  for (const [earlier, later] of twinTasks(p)) {
    const size =
      (modeStart[earlier + 1] - modeStart[earlier]) * (modeStart[later + 1] - modeStart[later])
    arcs.push({ from: earlier, to: later, condition: -1, lag: new Float64Array(size) })
  }
  for (const group of interchangeableCores(p)) clauses.push(...firstUseOrder(p, group, modeOn))

  const head = new Float64Array(modes.length)
  const tail = new Float64Array(modes.length)
  modes.forEach((mode, i) => {
    const slot = mode.task * p.kinds + p.kindOfCore[mode.core]
    head[i] = given.headOn[slot]
    tail[i] = given.tailOn[slot]
  })
  return {
    model: { tasks: p.tasks, modes, modeStart, arcs, orders, head, tail },
    variables,
    clauses,
  }
}

function precedenceArcs(p: PlaceProblem, modes: readonly Mode[], modeStart: Int32Array): Arc[] {
  const arcs: Arc[] = []
  for (let v = 0; v < p.tasks; v++) {
    for (let e = p.predStart[v]; e < p.predStart[v + 1]; e++) {
      const u = p.pred[e]
      const columns = modeStart[v + 1] - modeStart[v]
      const lag = new Float64Array((modeStart[u + 1] - modeStart[u]) * columns)
      for (let i = modeStart[u]; i < modeStart[u + 1]; i++) {
        for (let j = modeStart[v]; j < modeStart[v + 1]; j++) {
          lag[(i - modeStart[u]) * columns + j - modeStart[v]] = startLagUs(
            p,
            u,
            p.kindOfCore[modes[i].core],
            p.kindOfCore[modes[j].core],
            modes[i].core === modes[j].core,
            p.predVolume[e],
          )
        }
      }
      arcs.push({ from: u, to: v, condition: -1, lag })
    }
  }
  return arcs
}

/** All tasks behind each task. */
function reachability(p: PlaceProblem): Set<number>[] {
  const reach: Set<number>[] = Array.from({ length: p.tasks }, () => new Set<number>())
  for (let i = p.tasks - 1; i >= 0; i--) {
    const t = p.order[i]
    for (let e = p.succStart[t]; e < p.succStart[t + 1]; e++) {
      reach[t].add(p.succ[e])
      for (const far of reach[p.succ[e]]) reach[t].add(far)
    }
  }
  return reach
}

/** A core of the group may be used by a task only if the core before it is used by an earlier task. */
function firstUseOrder(
  p: PlaceProblem,
  group: readonly number[],
  modeOn: (t: number, core: number) => Mode | undefined,
): Literal[][] {
  const clauses: Literal[][] = []
  for (let g = 1; g < group.length; g++) {
    const before: Literal[] = []
    for (const t of p.order) {
      const mode = modeOn(t, group[g])
      if (mode !== undefined) clauses.push([mode.chosen ^ 1, ...before])
      const previous = modeOn(t, group[g - 1])
      if (previous !== undefined) before.push(previous.chosen)
    }
  }
  return clauses
}
