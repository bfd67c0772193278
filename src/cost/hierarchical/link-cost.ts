import type { KernelTables } from './kernel-tables.js'

/**
 * Energy of `count` transfers of `elements` over link k = (p·stride + m)·4 + link, partial sums or not: as
 * `operandWords` and `wordEnergyPj` have it.
 */
export function linkEnergyPj(
  tables: KernelTables,
  k: number,
  elements: number,
  count: number,
  partial: 0 | 1,
): number {
  const { noise, sliceBits, wordsPerSlice } = tables
  const bits = tables.bits[tables.operandOfLink[k] * 2 + partial]
  const atOnce = tables.elementsPerCycle[k * 2 + partial]
  const slices = (elements * bits) / sliceBits[k]
  const words =
    elements * noise <= atOnce
      ? (tables.paysParts ? slices : Math.ceil(slices * noise)) * wordsPerSlice[k] * count
      : tables.slicesPerCycle[k * 2 + partial] *
        wordsPerSlice[k] *
        count *
        Math.ceil((elements / atOnce) * noise)
  const total = words * tables.copies[k]
  return (tables.floorsWords ? Math.floor(total) : total) * tables.linkCostPj[k]
}

/** Cycles of one transfer of `elements` over link k. */
export function linkCycles(
  { noise, bits, operandOfLink, portBits }: KernelTables,
  k: number,
  elements: number,
  partial: 0 | 1,
): number {
  return Math.ceil(((elements * bits[operandOfLink[k] * 2 + partial]) / portBits[k]) * noise)
}

/** Cycles for which `count` transfers keep the port of link k busy, as its latency rule counts them (`BUSY_CYCLES`). */
export function portCycles(
  tables: KernelTables,
  k: number,
  elements: number,
  count: number,
  partial: 0 | 1,
): number {
  if (count === 0) return 0
  if (!tables.spreadsTransfers) return linkCycles(tables, k, elements, partial) * (count - 1)
  if (tables.drainsFree && k % 4 === 2) return 0
  return (
    (elements * count * tables.bits[tables.operandOfLink[k] * 2 + partial]) / tables.portBits[k]
  )
}

/**
 * Energy of one boundary: between memory levels b − 1 and b of operand p (b = 0: between the array and level 0), crossed
 * `count` times by `elements`.
 */
export function boundaryEnergyPj(
  tables: KernelTables,
  p: number,
  b: number,
  elements: number,
  count: number,
  partial: 0 | 1,
  readBackShare: number,
): number {
  const high = p * tables.stride + b
  const outgoing = elements * tables.fanOutMean[high]
  if (p !== 0) {
    const energy = linkEnergyPj(tables, high * 4, outgoing, count, 0)
    return b > 0 ? energy + linkEnergyPj(tables, high * 4 - 1, elements, count, 0) : energy
  }
  let energy = linkEnergyPj(tables, high * 4 + 1, outgoing, count, partial)
  if (b > 0) energy += linkEnergyPj(tables, high * 4 - 2, elements, count, partial)
  if (partial === 1) {
    const backs = count * readBackShare
    energy += linkEnergyPj(tables, high * 4, outgoing, backs, 1)
    if (b > 0) energy += linkEnergyPj(tables, high * 4 - 1, elements, backs, 1)
  }
  return energy
}
