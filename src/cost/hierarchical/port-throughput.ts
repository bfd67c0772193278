import { linkDirections } from '../../model/index.js'
import type { PortLink, PortStall } from './port-stalls.js'
import type { HierarchicalProblem } from './problem.js'
import type { LinkTraffic, PerLink } from './traffic.js'

/**
 * Every physical port with the cycles that its bits take at full width, above (or, negative, below) those of the loop
 * nest: latency when transfers are spread evenly over the layer and nothing but the widths of the ports holds them up.
 * Results that move up use no read port where their drain is free.
 */
export function portThroughputs(
  { accelerator, operands, conventions }: HierarchicalProblem,
  traffic: readonly (readonly PerLink<LinkTraffic>[])[],
  temporalCycles: number,
): PortStall[] {
  return accelerator.memories.flatMap((memory, index) =>
    memory.ports.flatMap((port) => {
      const links = port.links.flatMap(({ operand, direction }): PortLink[] => {
        const p = operands.findIndex((each) => each.operand.memory === operand)
        if (p < 0) return []
        if (direction === 'to-high' && conventions.outputDrain === 'free') return []
        const level = operands[p].memoryIndices.indexOf(index)
        const link = traffic[p][level][linkDirections.indexOf(direction)]
        if (link.count === 0) return []
        const reads = direction === 'to-low' || direction === 'to-high'
        const width = reads ? memory.readBandwidthBits : memory.writeBandwidthBits
        return [
          {
            operand: operands[p].operand.name,
            level,
            direction,
            realCycles: movedBits(link) / width / link.count,
            allowedCycles: link.periodCycles,
            periodCycles: link.periodCycles,
            count: link.count,
          },
        ]
      })
      if (links.length === 0) return []
      const busy = links.reduce((sum, link) => sum + link.realCycles * link.count, 0)
      return [
        {
          memory: memory.name,
          port: port.name,
          links,
          allowedUnionCycles: temporalCycles,
          stallCycles: Math.ceil(busy * (1 - 1e-12)) - temporalCycles,
        },
      ]
    }),
  )
}

/** Bits that pass a link in the whole layer. */
function movedBits({ elements, count, bits, slid }: LinkTraffic): number {
  if (slid === undefined) return elements * count * bits
  return (elements * (count - slid.count) + slid.elements * slid.count) * bits
}
