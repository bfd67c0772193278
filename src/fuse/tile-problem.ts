import type { Layer, Operand } from '../model/index.js'
import type { LayerProblem } from './layer-problem.js'
import type { MemoryView } from './memory-view.js'
import { weightBits } from './network.js'
import type { Stack, StackNode } from './stack.js'
import type { TileSetting } from './tile-step.js'
import type { TileType } from './tile-type.js'

/** What a layer of a tile reads and makes, in bits. */
export interface LayerNeeds {
  readonly node: StackNode
  /** Reads of different maps; the one that is read whole where weights lie: the second matrix of a product. */
  readonly reads: readonly number[]
  readonly second: number | undefined
  readonly inBits: number
  readonly secondBits: number
  readonly outBits: number
  /** What is stored of its inputs beyond what it reads. */
  readonly unreadBits: number
}

/**
 * Layer i of a stack, cut to a tile, in the lowest memories that its data fit into beside what else lies there.
 * @param live bits per memory of feature maps that later layers need but this one does not read
 */
export function tileProblem(
  { view, conventions }: TileSetting,
  stack: Stack,
  tile: TileType,
  i: number,
  needs: LayerNeeds,
  live: readonly number[],
): LayerProblem {
  const { homes, reservedBits } = tile
  const { second, inBits, secondBits, outBits, unreadBits } = needs
  const { layer } = needs.node
  const residentBits = stack.nodes.reduce((sum, each) => sum + weightBits(each.layer), 0)
  const room = (memory: number): number =>
    view.sizeBits[memory] - (conventions.roomIsShared ? reservedBits[memory] + live[memory] : 0)
  const weightHome = view.levels.weight[homes.weightLevel]
  const ownWeights = (memory: number): number =>
    conventions.roomIsShared && memory === weightHome ? weightBits(layer) : 0
  const inputTop = lowestLevel(view, 'input', (m) => room(m) - ownWeights(m) >= inBits)
  const inputMemory = view.levels.input[inputTop]
  // The second matrix of a product lies where weights lie, beside those of the other layers.
  const weightTop =
    second === undefined
      ? homes.weightLevel
      : lowestLevel(
          view,
          'weight',
          (m) =>
            room(m) - (m === weightHome ? residentBits : 0) >=
            secondBits + (m === inputMemory ? inBits : 0),
        )
  const secondMemory = view.levels.weight[weightTop]
  const outputTop =
    i === stack.nodes.length - 1
      ? view.levels.output.length - 1
      : lowestLevel(
          view,
          'output',
          (m) =>
            room(m) - ownWeights(m) >=
            outBits + (m === inputMemory ? inBits : 0) + (m === secondMemory ? secondBits : 0),
        )
  return {
    layer: tileLayer(layer, tile, i),
    tops: { input: inputTop, output: outputTop, weight: weightTop },
    reservedBits: view.sizeBits.map((_, memory) => {
      if (!conventions.roomIsShared) return 0
      const others = second !== undefined && memory === weightHome ? residentBits : 0
      const unread = memory === inputMemory ? unreadBits : 0
      return Math.max(0, reservedBits[memory] + live[memory] + others + unread)
    }),
  }
}

/** Lowest level of an operand in a memory that is not repeated over the array and has room; the top when none has. */
export function lowestLevel(
  view: MemoryView,
  operand: Operand,
  hasRoom: (memory: number) => boolean,
): number {
  const levels = view.levels[operand]
  const found = levels.findIndex((memory) => view.single[memory] && hasRoom(memory))
  return found < 0 ? levels.length - 1 : found
}

/** A layer cut to the size of a tile. */
function tileLayer(layer: Layer, { x, y }: TileType, i: number): Layer {
  return {
    ...layer,
    dims: { ...layer.dims, OX: x.out[i], OY: y.out[i] },
    padding: {
      left: x.padBefore[i],
      right: x.padAfter[i],
      top: y.padBefore[i],
      bottom: y.padAfter[i],
    },
  }
}
