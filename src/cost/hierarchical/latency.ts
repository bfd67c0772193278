import type { LayerOperandName, LinkDirection } from '../../model/index.js'
import { linkDirections } from '../../model/index.js'
import type { HierarchicalConventions } from './conventions.js'
import { ceilFactor } from './extent.js'
import { inputLoadings, loadingCycles, offloadingCycles, type InputLoading } from './loading.js'
import type { OperandNest } from './operand-nest.js'
import { portStall, type PortLink, type PortStall } from './port-stalls.js'
import type { HierarchicalProblem } from './problem.js'
import type { LinkTraffic, PerLink } from './traffic.js'

/** Where the cycles go (specification §7.6). */
export interface Latency {
  /** Every unit busy in every cycle. */
  readonly idealCycles: number
  /** Cycles of the loop nest without any waiting; the difference to ideal is the spatial stall. */
  readonly temporalCycles: number
  /** Waiting for shared ports and missing double buffers. */
  readonly stallCycles: number
  readonly loadingCycles: number
  readonly offloadingCycles: number
  /** Computation and stalls; with loading; with loading and off-loading. */
  readonly computeCycles: number
  readonly loadedCycles: number
  readonly totalCycles: number
}

/** Cycles that a transfer takes and may take, per operand, level and link. */
export interface LinkCycles {
  readonly real: PerLink
  readonly allowed: PerLink
}

/** `real` and `allowed` cycles per link of one operand (specification §7.3). */
export function linkCycles(
  problem: HierarchicalProblem,
  p: number,
  nest: OperandNest,
  traffic: readonly PerLink<LinkTraffic>[],
  buffered: readonly boolean[],
): LinkCycles[] {
  const { memories } = problem.operands[p]
  const noise = ceilFactor(problem.conventions)
  return traffic.map((links, m) => {
    const { readBandwidthBits: read, writeBandwidthBits: write } = memories[m]
    const real = (link: LinkTraffic, width: number) =>
      Math.ceil(((link.elements * link.bits) / width) * noise)
    const allowed = (link: LinkTraffic, a: number) =>
      buffered[a] ? link.periodCycles : Math.floor(link.periodCycles / nest.outerIrrelevant[a])
    const [toLow, fromLow, toHigh, fromHigh] = links
    return {
      real: [real(toLow, read), real(fromLow, write), real(toHigh, read), real(fromHigh, write)],
      allowed: [
        allowed(toLow, m),
        allowed(fromLow, m),
        allowed(toHigh, m + 1),
        allowed(fromHigh, m + 1),
      ],
    }
  })
}

/** Stalls of every physical port that a used link keeps busy. */
export function portStalls(
  problem: HierarchicalProblem,
  cycles: readonly (readonly LinkCycles[])[],
  traffic: readonly (readonly PerLink<LinkTraffic>[])[],
  conventions: HierarchicalConventions,
): PortStall[] {
  return problem.accelerator.memories.flatMap((memory, index) =>
    memory.ports.flatMap((port) => {
      const links = port.links.flatMap(({ operand, direction }): PortLink[] => {
        const p = problem.operands.findIndex((each) => each.operand.memory === operand)
        if (p < 0) return []
        const level = problem.operands[p].memoryIndices.indexOf(index)
        const link = linkDirections.indexOf(direction)
        const { periodCycles, count } = traffic[p][level][link]
        if (count === 0) return []
        return [
          {
            operand: problem.operands[p].operand.name,
            level,
            direction,
            realCycles: cycles[p][level].real[link],
            allowedCycles: cycles[p][level].allowed[link],
            periodCycles,
            count,
          },
        ]
      })
      return links.length === 0 ? [] : [portStall(memory.name, port.name, links, conventions)]
    }),
  )
}

/** Puts the phases together. */
export function totalLatency(
  problem: HierarchicalProblem,
  temporalCycles: number,
  ports: readonly PortStall[],
  cycles: readonly (readonly LinkCycles[])[],
): { readonly latency: Latency; readonly loading: readonly InputLoading[] } {
  const { conventions } = problem
  const stall = ports.reduce((most, port) => Math.max(most, port.stallCycles), 0)
  const compute = temporalCycles + stall
  const spread = conventions.latencyRule === 'busiest-port'
  const real = cycles.map((levels) => levels.map((each) => each.real))
  const loading = spread ? [] : inputLoadings(problem, real, conventions)
  const load = spread ? 0 : loadingCycles(loading, conventions)
  const offload = spread ? 0 : offloadingCycles(problem, real[0], conventions)
  return {
    loading,
    latency: {
      idealCycles: problem.idealCycles,
      temporalCycles,
      stallCycles: stall,
      loadingCycles: load,
      offloadingCycles: offload,
      computeCycles: compute,
      loadedCycles: compute + load,
      totalCycles: compute + load + offload,
    },
  }
}

export type { InputLoading, LayerOperandName, LinkDirection, PortStall }
