import { InfeasibleError } from '../base/index.js'
import type { Layer, Operand } from '../model/index.js'
import type { FuseConventions } from './conventions.js'
import { copyStep, type CopyReason, type CopyRequest, type CopyStep } from './copy-step.js'
import type { DataPlace } from './copy-path.js'
import type { LayerProblem, LayerSolution, LayerSolver, Tops } from './layer-problem.js'
import { topMemory, type MemoryView } from './memory-view.js'
import { outputDepth } from './depth.js'
import { weightBits } from './network.js'
import {
  distinctReads,
  inputBits,
  outputBits,
  readPrecision,
  sourceBits,
  sourceReaders,
  storedInputBits,
} from './peak-bits.js'
import type { Stack } from './stack.js'
import type { TileType } from './tile-type.js'

/** What one tile does at one vertex of its stack: copies, then (for a layer) the computation. */
export type TileStep =
  | { readonly kind: 'source'; readonly source: number; readonly copies: CopyStep }
  | {
      readonly kind: 'layer'
      readonly node: number
      readonly copies: CopyStep
      /** Absent when the tiles before made all output that this tile needs. */
      readonly computed?: {
        readonly layer: Layer
        readonly tops: Tops
        readonly solution: LayerSolution
      }
      /**
       * Bits per memory held by feature maps of this tile while the layer runs; caches and weights not included, nor
       * what is a part of whole maps in the top memory (inputs of the stack, its output).
       */
      readonly mapBits: readonly number[]
    }

export interface TileContext {
  readonly view: MemoryView
  readonly conventions: FuseConventions
  readonly solver: LayerSolver
}

/**
 * Runs one tile type through its stack (spec §11.3): every feature map lives in the lowest memory that holds it,
 * copies move what lies elsewhere, and each layer is mapped on the hierarchy below its data.
 * @throws InfeasibleError when a layer fits at no level, naming the memory and by how much
 */
export function evaluateTile(context: TileContext, stack: Stack, tile: TileType): TileStep[] {
  const { view, conventions, solver } = context
  const { x, y, homes } = tile
  const places = new Map<number, { place: DataPlace; bits: number; readers: number }>()
  let pending: CopyRequest[] = []
  const request = (reason: CopyReason, bits: number, from: DataPlace, to: DataPlace): void => {
    if (bits > 0 && from.memory !== to.memory) pending.push({ reason, bits, from, to })
  }
  const flush = (): CopyStep => {
    const step = copyStep(view, pending, conventions)
    pending = []
    return step
  }
  const steps: TileStep[] = []
  const sourceMemory = topMemory(view, 'input')

  stack.sources.forEach((source, s) => {
    const bits = sourceBits(stack, s, x, y)
    const level = lowestLevel(
      view,
      'input',
      (memory) => bits <= view.sizeBits[memory] - reserved(tile, memory),
    )
    const place: DataPlace = { operand: 'input', memory: view.levels.input[level] }
    request('load source', bits, { operand: 'input', memory: sourceMemory }, place)
    steps.push({ kind: 'source', source: s, copies: flush() })
    places.set(~s, { place, bits, readers: sourceReaders(stack, s) })
    if (conventions.sourceCacheIsFree) return
    const element = source.depth * source.bitsPerElement
    keep(place, element, x.source[s], y.source[s], x.sourceKept[s], y.sourceKept[s])
  })

  function keep(
    place: DataPlace,
    elementBits: number,
    columns: number,
    rows: number,
    keptColumns: number,
    keptRows: number,
  ): void {
    const before = pending.length
    if (homes.keepRows !== undefined) {
      request('keep rows', elementBits * columns * keptRows, place, {
        operand: 'output',
        memory: homes.keepRows,
      })
    }
    const cornerRows = pending.length > before ? keptRows : 0
    if (homes.keepColumns !== undefined) {
      request('keep columns', elementBits * keptColumns * (rows - cornerRows), place, {
        operand: 'output',
        memory: homes.keepColumns,
      })
    }
  }

  const residentBits = stack.nodes.reduce((sum, { layer }) => sum + weightBits(layer), 0)
  stack.nodes.forEach((node, i) => {
    const { layer } = node
    const reads = distinctReads(node)
    const second = reads.find((read) => node.reads[read].whole)
    const rule = conventions.unreadPartsStay ? storedInputBits : inputBits
    const bitsOf = (read: number): number => rule(node, read, i, x, y)
    const unreadBits = reads.reduce(
      (sum, read) => sum + bitsOf(read) - inputBits(node, read, i, x, y),
      0,
    )
    const outBits = outputBits(node, i, x, y)
    const secondBits = second === undefined ? 0 : bitsOf(second)
    const inBits = reads.reduce((sum, read) => sum + (read === second ? 0 : bitsOf(read)), 0)
    const finish = (): void => {
      for (const { from } of node.reads) {
        const producer = places.get(from)!
        if (--producer.readers === 0) places.delete(from)
      }
    }
    if (outBits === 0) {
      steps.push({ kind: 'layer', node: i, copies: flush(), mapBits: view.sizeBits.map(() => 0) })
      places.set(i, {
        place: { operand: 'output', memory: topMemory(view, 'output') },
        bits: 0,
        readers: node.readers,
      })
      finish()
      return
    }
    const live = liveElsewhere(view, places, new Set(node.reads.map(({ from }) => from)))
    const room = (memory: number): number =>
      view.sizeBits[memory] - (conventions.roomIsShared ? reserved(tile, memory) + live[memory] : 0)
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
    const last = i === stack.nodes.length - 1
    const outputTop = last
      ? view.levels.output.length - 1
      : lowestLevel(
          view,
          'output',
          (m) =>
            room(m) - ownWeights(m) >=
            outBits + (m === inputMemory ? inBits : 0) + (m === secondMemory ? secondBits : 0),
        )

    const problem: LayerProblem = {
      layer: tileLayer(layer, tile, i),
      tops: { input: inputTop, output: outputTop, weight: weightTop },
      reservedBits: view.sizeBits.map((_, memory) => {
        if (!conventions.roomIsShared) return 0
        const others = second !== undefined && memory === weightHome ? residentBits : 0
        const unread = memory === inputMemory ? unreadBits : 0
        return Math.max(0, reserved(tile, memory) + live[memory] + others + unread)
      }),
    }
    const { tops, solution } = solveSomewhere(view, solver, problem, {
      output: !last,
      weight: second !== undefined,
    })
    const inputHome = view.levels.input[tops.input]
    const secondHome = view.levels.weight[tops.weight]
    const outputMemory = view.levels.output[tops.output]
    const destinationOf = (read: number): DataPlace =>
      read === second
        ? { operand: 'weight', memory: secondHome }
        : { operand: 'input', memory: inputHome }
    for (const read of reads) {
      const { from } = node.reads[read]
      const { place, bits } = places.get(from)!
      const isFree =
        from < 0 &&
        conventions.lowerSourceIsFree &&
        view.levels.input.indexOf(place.memory) <= tops.input
      if (!isFree) request('move output', bits, place, destinationOf(read))
    }
    for (const read of reads) {
      const element =
        node.reads[read].depth *
        (conventions.cacheHasOutputPrecision
          ? layer.precisionBits.output
          : readPrecision(node, read))
      const columns = x.reused[i][read]
      const rows = y.reused[i][read]
      if (homes.readColumns !== undefined) {
        request(
          'read cached columns',
          element * columns * y.input[i][read],
          { operand: 'input', memory: homes.readColumns },
          destinationOf(read),
        )
      }
      if (homes.readRows !== undefined) {
        const width = x.input[i][read] - (homes.readColumns === undefined ? 0 : columns)
        request(
          'read cached rows',
          element * rows * width,
          { operand: 'input', memory: homes.readRows },
          destinationOf(read),
        )
      }
    }

    const mapBits = [...live]
    const hold = (memory: number, bits: number): void => {
      mapBits[memory] += bits
    }
    for (const [vertex, { place, bits }] of places) {
      const isRead = node.reads.some(({ from }) => from === vertex)
      if (vertex < 0 && !isRead && place.memory === sourceMemory) hold(sourceMemory, -bits)
    }
    for (const read of reads) {
      const { memory } = destinationOf(read)
      if (node.reads[read].from >= 0 || memory !== sourceMemory) hold(memory, bitsOf(read))
    }
    if (!last) hold(outputMemory, outBits)
    steps.push({
      kind: 'layer',
      node: i,
      copies: flush(),
      computed: { layer: problem.layer, tops, solution },
      mapBits,
    })
    const place: DataPlace = { operand: 'output', memory: outputMemory }
    places.set(i, { place, bits: outBits, readers: node.readers })
    finish()
    if (last) return
    const outElement = outputDepth(layer) * layer.precisionBits.output
    keep(place, outElement, x.out[i], y.out[i], x.kept[i], y.kept[i])
  })
  return steps
}

function reserved(tile: TileType, memory: number): number {
  return tile.reservedBits[memory]
}

/** Bits per memory of stored feature maps that later layers need but this one does not read. */
function liveElsewhere(
  view: MemoryView,
  places: ReadonlyMap<number, { readonly place: DataPlace; readonly bits: number }>,
  reads: ReadonlySet<number>,
): number[] {
  const live = view.sizeBits.map(() => 0)
  for (const [vertex, { place, bits }] of places) {
    if (!reads.has(vertex)) live[place.memory] += bits
  }
  return live
}

/** Lowest level of an operand in a memory that is not repeated over the array and has room; the top when none has. */
function lowestLevel(
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

/**
 * Maps a layer; where its tops are too tight, raises the output's, then the input's, then both, and so on; at last the
 * same with the second matrix of a product at the top.
 * @param mayRise whose tops are not given by what they hold
 */
function solveSomewhere(
  view: MemoryView,
  solver: LayerSolver,
  problem: LayerProblem,
  mayRise: { readonly output: boolean; readonly weight: boolean },
): { readonly tops: Tops; readonly solution: LayerSolution } {
  const first = solver.solve(problem)
  if (first.kind === 'solved') return { tops: problem.tops, solution: first }
  const { tops } = problem
  const moreInput = view.levels.input.length - 1 - tops.input
  const moreOutput = mayRise.output ? view.levels.output.length - 1 - tops.output : 0
  // With the highest tops only what is truly too small is left to complain about.
  let { reason } = first
  const raises: [number, number][] = []
  for (let step = 1; step <= Math.max(moreInput, moreOutput); step++) {
    raises.push([step, step - 1], [step - 1, step], [step, step])
  }
  const weights = [tops.weight, ...(mayRise.weight ? [view.levels.weight.length - 1] : [])]
  for (const [w, weight] of weights.entries()) {
    for (const [output, input] of w === 0 ? raises : [[0, 0], ...raises]) {
      if (output > moreOutput || input > moreInput) continue
      const raised = { output: tops.output + output, input: tops.input + input, weight }
      const solution = solver.solve({ ...problem, tops: raised })
      if (solution.kind === 'solved') return { tops: raised, solution }
      reason = solution.reason
    }
  }
  throw new InfeasibleError(reason)
}
