import type { MemoryLevel } from '../model/index.js'
import { topMemory, type MemoryView } from './memory-view.js'
import { neededAlong, positionsRead } from './needed-positions.js'
import type { Network } from './network.js'
import type { EnergyAndLatency } from './objective.js'
import type { StackRange } from './stack-range.js'
import { mapBits } from './stack.js'

/**
 * What a stack of these layers costs at least, in every mode, tile and mapping: the operations that its output needs,
 * the output written to the top memory once, and the maps of earlier stacks read from there once. The floors of stacks
 * add up to a floor of a schedule.
 */
export function rangeFloor(
  view: MemoryView,
  network: Network,
  range: StackRange,
): EnergyAndLatency {
  const { nodes } = network
  const { first, last } = range
  const needed = { x: neededAlong(network, range, 'x'), y: neededAlong(network, range, 'y') }
  const { memories, array } = view.accelerator
  const { macEnergyPj, simpleOpEnergyPj = macEnergyPj } = array
  const units = array.dimensions.reduce((product, each) => product * each.size, 1)
  const readPj = perBit(memories[topMemory(view, 'input')], 'read')
  const writePj = perBit(memories[topMemory(view, 'output')], 'write')
  let energyPj = mapBits(nodes[last].layer) * writePj
  let latencyCycles = 0
  const sources = new Map<number, number>()
  for (let i = first; i <= last; i++) {
    const { layer, reads } = nodes[i]
    const { B, G, K, C, FX, FY } = layer.dims
    const [columns, rows] = [needed.x.get(i) ?? 0, needed.y.get(i) ?? 0]
    const macs = B * G * K * C * FX * FY * columns * rows
    const simple = layer.operator === 'pool' || layer.operator === 'add'
    energyPj += macs * (simple ? Math.min(simpleOpEnergyPj, macEnergyPj) : macEnergyPj)
    latencyCycles += Math.ceil(macs / units)
    for (const read of reads) {
      const { from, depth, whole, reshaped } = read
      // The network's input, and what has other positions than it was made with, cost something, too.
      if (from < 0 || from >= first || whole || reshaped !== undefined) continue
      const made = nodes[from].layer
      const area =
        positionsRead(layer, read, 'x', columns, made.dims.OX) *
        positionsRead(layer, read, 'y', rows, made.dims.OY)
      const bits = depth * area * layer.precisionBits.input
      sources.set(from, Math.max(sources.get(from) ?? 0, bits))
    }
  }
  for (const bits of sources.values()) energyPj += bits * readPj
  return { energyPj, latencyCycles }
}

/** Energy of a transfer as wide as the port, per bit: no narrower one costs less. */
export function perBit(memory: MemoryLevel, what: 'read' | 'write'): number {
  return what === 'read'
    ? memory.readEnergyPj / memory.readBandwidthBits
    : memory.writeEnergyPj / memory.writeBandwidthBits
}
