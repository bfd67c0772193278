import { hierarchical } from '../../cost/index.js'
import type { FactorLattice } from './factor-lattice.js'
import { mayStall, type CountsLoad, type LineKind } from './line-cycles.js'

/** Ports whose first wait is counted: bits of a number. */
const MOST_WAITING = 31

/** The lines of a problem: loop nest and every port that may hold it up, each with every way to bound the loads. */
export function latencyLineKinds(
  kernel: hierarchical.MappingKernel,
  lattice: FactorLattice,
): LineKind[] {
  const { problem, tables } = kernel
  const { latencyRule, portWindows } = problem.conventions
  const stalls = latencyRule === 'port-stalls'
  const waits = stalls && portWindows === 'same-count'
  const nest = { links: [], counts: 'transfers' as const, waitBit: -1 }
  let waiting = 0
  const ports = hierarchical.portLinks(problem, tables.stride).flatMap((links) => {
    const served = links.some(({ row }) => row % tables.stride === 0)
    const kinds: Omit<LineKind, 'countsLoad'>[] = []
    if (mayStall(kernel, lattice, links, 'transfers')) {
      const waitBit = waits && !served && waiting < MOST_WAITING ? waiting++ : -1
      kinds.push({ links, counts: 'transfers', waitBit })
    }
    if (stalls && mayStall(kernel, lattice, links, 'stalls')) {
      kinds.push({ links, counts: 'stalls', waitBit: -1 })
    }
    return kinds
  })
  const loads = stalls ? loadCounts(kernel) : [() => false]
  return [nest, ...ports].flatMap((kind) => loads.map((countsLoad) => ({ ...kind, countsLoad })))
}

/** What loading takes at least: what either input loads, and what both load through ports that they share. */
function loadCounts({ problem, tables }: hierarchical.MappingKernel): CountsLoad[] {
  const { operands, conventions } = problem
  const { stride } = tables
  const { sharedEnds } = hierarchical.kernelPorts(problem, stride, () => undefined)
  const ends = (p: number, b: number): number => sharedEnds[p * stride + b - 1]
  const counts: CountsLoad = (p, b) => {
    if (operands.length === 2 && conventions.singleInputLoads === 'unshared')
      return ends(p, b) === 0
    if (ends(p, b) !== 1 || conventions.halfSharedLoads === 'sum') return true
    // Only the outermost of the loads with one shared end is counted.
    for (let m = b + 1; m < tables.levels[p]; m++) if (ends(p, m) === 1) return false
    return true
  }
  if (operands.length === 2) return [counts]
  const both: CountsLoad[] = operands.some(({ memories }, p) =>
    memories.some((_, m) => p > 0 && m > 0 && ends(p, m) === 2),
  )
    ? [(p, b) => ends(p, b) === 2]
    : []
  return [(p, b) => p === 1 && counts(p, b), (p, b) => p === 2 && counts(p, b), ...both]
}
