import type { LayerOperandName, LinkDirection } from '../../model/index.js'
import type { HierarchicalConventions } from './conventions.js'
import { firstWindowsOnly, windowUnion } from './window-union.js'

/** One link of a port: what it needs and when it may have it. */
export interface PortLink {
  readonly operand: LayerOperandName
  readonly level: number
  readonly direction: LinkDirection
  /** Cycles that one transfer takes. */
  readonly realCycles: number
  /** Cycles per period in which the transfer does not hold up computation. */
  readonly allowedCycles: number
  readonly periodCycles: number
  readonly count: number
}

/** A physical port and the cycles it makes computation wait; negative: slack. */
export interface PortStall {
  readonly memory: string
  readonly port: string
  readonly links: readonly PortLink[]
  readonly allowedUnionCycles: number
  readonly stallCycles: number
}

/**
 * Combines the links of one physical port (specification §7.4). Links that alone are too slow add their stalls; the
 * others stall only as far as they do not fit together into the union of their windows.
 */
export function portStall(
  memory: string,
  port: string,
  links: readonly PortLink[],
  conventions: HierarchicalConventions,
): PortStall {
  const stalls = links.map((link) => (link.realCycles - link.allowedCycles) * (link.count - 1))
  const always = links.filter((link) => link.allowedCycles === link.periodCycles)
  if (links.length === 1) {
    const allowedUnionCycles = links[0].allowedCycles
    return { memory, port, links, allowedUnionCycles, stallCycles: stalls[0] }
  }
  const windows = links.reduce((sum, link) => sum + link.allowedCycles * (link.count - 1), 0)
  const longest = Math.max(...links.map((link) => link.periodCycles))
  const periods = Math.max(...links.map((link) => (link.periodCycles === longest ? link.count : 0)))
  let union =
    always.length > 0
      ? Math.max(...always.map((link) => link.periodCycles * link.count))
      : windowUnion(links, longest) * periods
  if (conventions.portWindows === 'same-count') union -= firstWindowsOnly(links)
  const positive = stalls.filter((stall) => stall > 0).reduce((a, b) => a + b, 0)
  const negative = stalls.filter((stall) => stall <= 0).reduce((a, b) => a + b, 0)
  return {
    memory,
    port,
    links,
    allowedUnionCycles: union,
    stallCycles: positive + Math.max(0, negative + windows - union),
  }
}
