import type { HierarchicalConventions } from './conventions.js'
import type { HierarchicalProblem } from './problem.js'
import type { PerLink } from './traffic.js'

/** First filling of the memories by one input, in cycles, by how its transfers share ports with the other input. */
export interface InputLoading {
  /** Cycles per pair of neighbouring levels, from the inside. */
  readonly pairCycles: readonly number[]
  readonly unsharedCycles: number
  readonly halfSharedCycles: number
  readonly sharedCycles: number
}

/** Names of the ports that carry a link of one level. */
type PortKey = (p: number, level: number, direction: 'to-low' | 'from-high') => number

/** Loading of every input (specification §7.5). `real[p][m]` are the cycles of one transfer on each link. */
export function inputLoadings(
  problem: HierarchicalProblem,
  real: readonly (readonly PerLink[])[],
  conventions: HierarchicalConventions,
): InputLoading[] {
  const shared = sharedPorts(problem)
  return problem.operands.flatMap(({ operand, memories }, p) => {
    if (operand.name === 'output') return []
    let unshared = 0
    let half = 0
    let both = 0
    const pairCycles: number[] = []
    for (let m = 0; m < memories.length - 1; m++) {
      const cycles = Math.max(real[p][m][3], real[p][m + 1][0])
      const ends = shared(p, m, 'from-high') + shared(p, m + 1, 'to-low')
      pairCycles.push(cycles)
      if (ends === 2) both += cycles
      else if (ends === 0) unshared += cycles
      else half = conventions.halfSharedLoads === 'sum' ? half + cycles : cycles
    }
    return [{ pairCycles, unsharedCycles: unshared, halfSharedCycles: half, sharedCycles: both }]
  })
}

/** Cycles before computation can begin: two inputs load side by side except where they share ports. */
export function loadingCycles(
  inputs: readonly InputLoading[],
  conventions: HierarchicalConventions,
): number {
  if (inputs.length === 1) {
    const [{ unsharedCycles, halfSharedCycles, sharedCycles }] = inputs
    return conventions.singleInputLoads === 'all'
      ? unsharedCycles + halfSharedCycles + sharedCycles
      : unsharedCycles
  }
  const [a, b] = inputs
  const aAlone = a.halfSharedCycles + a.unsharedCycles
  const bAlone = b.halfSharedCycles + b.unsharedCycles
  return Math.min(
    a.sharedCycles + Math.max(b.sharedCycles + bAlone, aAlone),
    b.sharedCycles + Math.max(a.sharedCycles + aAlone, bAlone),
  )
}

/** 1 when the port of a link serves both input classes, by wiring alone; else 0. */
function sharedPorts({ operands }: HierarchicalProblem): PortKey {
  return (p, level, direction) => {
    const { operand, memories } = operands[p]
    const port = memories[level].ports.find((each) =>
      each.links.some((link) => link.operand === operand.memory && link.direction === direction),
    )
    const classes = new Set(port?.links.map((link) => link.operand))
    return classes.has('input') && classes.has('weight') ? 1 : 0
  }
}

/**
 * Cycles to carry the last results out (specification §7.5): pairs of levels from the top; a pair that shares no port
 * with the one above overlaps with it and only adds the latency of the memory between.
 */
export function offloadingCycles(
  problem: HierarchicalProblem,
  real: readonly PerLink[],
  conventions: HierarchicalConventions,
): number {
  const { memories } = problem.operands[0]
  const pairs = memories.length - 1
  if (pairs <= 0) return 0
  const cycles = Array.from({ length: pairs }, (_, m) => Math.max(real[m][2], real[m + 1][1]))
  let sum = cycles[pairs - 1]
  for (let m = pairs - 2; m >= 0; m--) {
    const middle = memories[m + 1]
    const waits =
      conventions.offloadPorts === 'tested' &&
      middle.ports.some((port) => {
        const carries = (direction: string) =>
          port.links.some((link) => link.operand === 'output' && link.direction === direction)
        return carries('from-low') && carries('to-high')
      })
    sum += waits ? cycles[m] : middle.latencyCycles
  }
  return sum
}
