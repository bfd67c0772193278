import { accessEnergyPj, linkDirections, type MemoryLevel } from '../../model/index.js'
import type { HierarchicalConventions } from './conventions.js'
import { ceilFactor, paidSlices } from './extent.js'
import type { ProblemOperand, SpatialCounts } from './problem.js'
import type { LinkTraffic, PerLink } from './traffic.js'

/**
 * Accesses of every link of an operand in units of full-width words (specification §6.3): each access touches whole
 * slices of the granularity. A transfer between two memories takes as many cycles as the narrower end needs, and the
 * wider end is accessed in each of these cycles.
 */
export function operandWords(
  { memories }: ProblemOperand,
  { instances, unique }: SpatialCounts,
  traffic: readonly PerLink<LinkTraffic>[],
  conventions: HierarchicalConventions,
): PerLink[] {
  return traffic.map(([toLow, fromLow, toHigh, fromHigh], m) => {
    const memory = memories[m]
    const below = memories[m - 1]
    const above = memories[m + 1]
    const copies = instances[m + 1]
    const lowerPorts = unique[m] / unique[m + 1]
    const sliced = conventions.cycleSlicing !== 'none' && below !== undefined
    const whole = conventions.wordTotals === 'floor' ? Math.floor : (total: number) => total
    const upperShare =
      conventions.cycleSlicing === 'both-ends' && above !== undefined
        ? unique[m + 2] / unique[m + 1]
        : undefined
    const total = (link: LinkTraffic, ...end: WordsEnd) =>
      whole(transferSizes(link).reduce((sum, each) => sum + words(each, ...end), 0))
    return [
      total(
        toLow,
        memory,
        'read',
        copies,
        conventions,
        sliced ? below.writeBandwidthBits * lowerPorts : undefined,
      ),
      total(
        fromLow,
        memory,
        'write',
        copies,
        conventions,
        sliced ? below.readBandwidthBits * lowerPorts : undefined,
      ),
      conventions.outputDrain === 'free'
        ? 0
        : total(
            toHigh,
            memory,
            'read',
            copies,
            conventions,
            upperShare && above.writeBandwidthBits * upperShare,
          ),
      total(
        fromHigh,
        memory,
        'write',
        copies,
        conventions,
        upperShare && above.readBandwidthBits * upperShare,
      ),
    ]
  })
}

/** What `words` has to know of the end of a link, beside its traffic. */
type WordsEnd = Parameters<typeof words> extends [LinkTraffic, ...infer End] ? End : never

/** The transfers of a link by their size: whole tiles, and new parts of tiles that slide. */
function transferSizes(link: LinkTraffic): readonly LinkTraffic[] {
  const { slid } = link
  if (slid === undefined) return [link]
  return [
    { ...link, count: link.count - slid.count },
    { ...link, ...slid },
  ]
}

/** @param otherBits bits per cycle that the other end takes or gives; undefined: it takes everything at once */
function words(
  { elements, bits, count }: LinkTraffic,
  memory: MemoryLevel,
  side: 'read' | 'write',
  copies: number,
  conventions: HierarchicalConventions,
  otherBits: number | undefined,
): number {
  if (elements === 0 || bits === 0) return 0
  const read = side === 'read'
  const width = read ? memory.readBandwidthBits : memory.writeBandwidthBits
  const slice = read ? memory.readGranularityBits : memory.writeGranularityBits
  const perSlice = slice / width
  if (otherBits === undefined) {
    return paidSlices((elements * bits) / slice, conventions) * perSlice * count * copies
  }
  const rate = Math.min(otherBits / bits, width / bits, elements)
  const cycles = Math.ceil((elements / rate) * ceilFactor(conventions))
  return paidSlices((rate * bits) / slice, conventions) * perSlice * count * cycles * copies
}

/** Energy of the words on each link. */
export function wordEnergyPj(memory: MemoryLevel, words: PerLink): PerLink {
  const energy = (link: 0 | 1 | 2 | 3) => words[link] * accessEnergyPj(memory, linkDirections[link])
  return [energy(0), energy(1), energy(2), energy(3)]
}
