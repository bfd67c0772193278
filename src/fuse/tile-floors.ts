import { BoundaryTerms, hierarchicalProblem } from '../cost/hierarchical/index.js'
import { unrollingOf, type Layer, type Operand } from '../model/index.js'
import { copyStep } from './copy-step.js'
import type { FuseConventions } from './conventions.js'
import { inputDepth } from './depth.js'
import { topMemory, type MemoryView } from './memory-view.js'
import { windowPositions } from './needed-positions.js'
import { weightBits } from './network.js'
import type { EnergyAndLatency } from './objective.js'
import { outputBits, sourceBits } from './peak-bits.js'
import { perBit } from './range-floor.js'
import type { Stack, StackNode } from './stack.js'
import { lowestLevel } from './tile-problem.js'
import type { TileType } from './tile-type.js'

/** What the steps of a tile cost at least, without searching a single mapping: sources, then layers. */
export interface TileFloors {
  floorsOf(stack: Stack, tile: TileType): readonly EnergyAndLatency[]
}

const NOTHING: EnergyAndLatency = { energyPj: 0, latencyCycles: 0 }

/**
 * A layer of a tile costs at least: its operations and what the array itself takes and hands back, which depends on the
 * size of the tile but not on the order of loops; and every weight, input and output once on its way between the array
 * and the lowest memory that it can lie in.
 */
export function tileFloors(view: MemoryView, conventions: FuseConventions): TileFloors {
  const arrays = new Map<string, Map<number, EnergyAndLatency>>()
  const downPj = {
    weight: wayPjPerBit(view, 'weight', ['read', 'write']),
    input: wayPjPerBit(view, 'input', ['read', 'write']),
  }
  const upPj = wayPjPerBit(view, 'output', ['write', 'read'])

  const atArray = (layer: Layer, columns: number, rows: number): EnergyAndLatency => {
    const sizes = arrays.get(layer.name) ?? new Map<number, EnergyAndLatency>()
    arrays.set(layer.name, sizes)
    const key = columns * (layer.dims.OY + 1) + rows
    const known = sizes.get(key)
    if (known !== undefined) return known
    const problem = hierarchicalProblem(
      { ...layer, dims: { ...layer.dims, OX: columns, OY: rows } },
      view.accelerator,
      unrollingOf(layer, view.accelerator),
      conventions.layerModel,
    )
    const fresh: EnergyAndLatency = {
      energyPj: new BoundaryTerms(problem).fixedEnergyPj,
      latencyCycles: Object.values(problem.temporal).reduce((product, each) => product * each, 1),
    }
    sizes.set(key, fresh)
    return fresh
  }
  const room = (tile: TileType, memory: number): number =>
    view.sizeBits[memory] - (conventions.roomIsShared ? tile.reservedBits[memory] : 0)
  const layerFloor = (stack: Stack, tile: TileType, i: number): EnergyAndLatency => {
    const { x, y, homes } = tile
    if (x.out[i] === 0 || y.out[i] === 0) return NOTHING
    const node = stack.nodes[i]
    const { energyPj, latencyCycles } = atArray(node.layer, x.out[i], y.out[i])
    const input = inputBitsRead(node, tile, i)
    const output = outputBits(node, i, x, y)
    const lowest = (operand: Operand, bits: number): number =>
      lowestLevel(view, operand, (memory) => bits <= room(tile, memory))
    const isLast = i === stack.nodes.length - 1
    return {
      energyPj:
        energyPj +
        weightBits(node.layer) * downPj.weight[homes.weightLevel] +
        input * downPj.input[lowest('input', input)] +
        output * upPj[isLast ? upPj.length - 1 : lowest('output', output)],
      latencyCycles,
    }
  }
  return {
    floorsOf: (stack, tile) => [
      ...stack.sources.map((_, s) => sourceFloor(view, stack, tile, s, conventions)),
      ...stack.nodes.map((_, i) => layerFloor(stack, tile, i)),
    ],
  }
}

/** Bits of its first operand that a layer reads at least; windows with gaps or holes read less than what they span. */
function inputBitsRead({ layer }: StackNode, { x, y }: TileType, i: number): number {
  const columns = windowPositions(layer, 'x', x.out[i], x.padBefore[i] + x.padAfter[i])
  const rows = windowPositions(layer, 'y', y.out[i], y.padBefore[i] + y.padAfter[i])
  return inputDepth(layer) * columns * rows * layer.precisionBits.input
}

/** The load of a source: what it is, since nothing about it depends on mappings. */
function sourceFloor(
  view: MemoryView,
  stack: Stack,
  tile: TileType,
  s: number,
  conventions: FuseConventions,
): EnergyAndLatency {
  const bits = sourceBits(stack, s, tile.x, tile.y)
  const level = lowestLevel(
    view,
    'input',
    (memory) => bits <= view.sizeBits[memory] - tile.reservedBits[memory],
  )
  const from = { operand: 'input' as const, memory: topMemory(view, 'input') }
  const to = { operand: 'input' as const, memory: view.levels.input[level] }
  if (bits === 0 || to.memory === from.memory) return NOTHING
  return copyStep(view, [{ reason: 'load source', bits, from, to }], conventions)
}

/**
 * Per level of an operand: energy per bit of the way between the innermost memory and this one.
 * @param uses what a transfer does to the upper and to the lower memory
 */
function wayPjPerBit(
  { levels, accelerator }: MemoryView,
  operand: Operand,
  [upper, lower]: readonly ['read' | 'write', 'read' | 'write'],
): number[] {
  let sum = 0
  return levels[operand].map((index, level) => {
    if (level > 0) {
      const below = accelerator.memories[levels[operand][level - 1]]
      sum += perBit(accelerator.memories[index], upper) + perBit(below, lower)
    }
    return sum
  })
}
