import { copyStep, type CopyReason, type CopyRequest, type CopyStep } from './copy-step.js'
import type { DataPlace } from './copy-path.js'
import { HeldMaps } from './held-maps.js'
import type { LayerSolution, MappedLayer, Tops } from './layer-problem.js'
import { topMemory } from './memory-view.js'
import { outputDepth } from './depth.js'
import {
  distinctReads,
  inputBits,
  outputBits,
  readPrecision,
  sourceBits,
  sourceReaders,
  storedInputBits,
} from './peak-bits.js'
import { solveSomewhere } from './solve-somewhere.js'
import type { Stack, StackNode } from './stack.js'
import { lowestLevel, tileProblem, type LayerNeeds } from './tile-problem.js'
import type { TileContext, TileStep } from './tile-step.js'
import type { TileType } from './tile-type.js'

/**
 * Runs one tile type through its stack (spec §11.3): every feature map lives in the lowest memory that holds it,
 * copies move what lies elsewhere, and each layer is mapped on the hierarchy below its data.
 * @throws InfeasibleError when a layer fits at no level, naming the memory and by how much
 */
export function evaluateTile(context: TileContext, stack: Stack, tile: TileType): TileStep[] {
  return [...tileSteps<LayerSolution>(context, stack, tile)]
}

/** The same step by step, for who may stop on the way. */
export function tileSteps<S extends MappedLayer>(
  context: TileContext<S>,
  stack: Stack,
  tile: TileType,
): Iterable<TileStep<S>> {
  return new TileRun(context, stack, tile).run()
}

class TileRun<S extends MappedLayer> {
  private readonly context: TileContext<S>
  private readonly stack: Stack
  private readonly tile: TileType
  private readonly maps = new HeldMaps()
  /** Copies since the last step. */
  private pending: CopyRequest[] = []
  private readonly sourceMemory: number

  constructor(context: TileContext<S>, stack: Stack, tile: TileType) {
    this.context = context
    this.stack = stack
    this.tile = tile
    this.sourceMemory = topMemory(context.view, 'input')
  }

  *run(): Generator<TileStep<S>> {
    for (const s of this.stack.sources.keys()) yield this.loadSource(s)
    for (const i of this.stack.nodes.keys()) yield this.runLayer(i)
  }

  private loadSource(s: number): TileStep<S> {
    const { view, conventions } = this.context
    const { x, y } = this.tile
    const source = this.stack.sources[s]
    const bits = sourceBits(this.stack, s, x, y)
    const level = lowestLevel(
      view,
      'input',
      (memory) => bits <= view.sizeBits[memory] - this.reserved(memory),
    )
    const place: DataPlace = { operand: 'input', memory: view.levels.input[level] }
    this.request('load source', bits, { operand: 'input', memory: this.sourceMemory }, place)
    const step: TileStep<S> = { kind: 'source', source: s, copies: this.flush() }
    this.maps.hold(~s, place, bits, sourceReaders(this.stack, s))
    if (conventions.sourceCacheIsFree) return step
    const element = source.depth * source.bitsPerElement
    this.keep(place, element, x.source[s], y.source[s], x.sourceKept[s], y.sourceKept[s])
    return step
  }

  private runLayer(i: number): TileStep<S> {
    const { view } = this.context
    const { x, y } = this.tile
    const needs = this.needsOf(i)
    const { node, outBits } = needs
    const isLast = i === this.stack.nodes.length - 1
    if (outBits === 0) {
      const mapBits = view.sizeBits.map(() => 0)
      const step: TileStep<S> = { kind: 'layer', node: i, copies: this.flush(), mapBits }
      const place: DataPlace = { operand: 'output', memory: topMemory(view, 'output') }
      this.conclude(i, place, 0)
      return step
    }
    const live = this.liveElsewhere(node)
    const problem = tileProblem(this.context, this.stack, this.tile, i, needs, live)
    const { tops, solution } = solveSomewhere(view, this.context.solve, problem, {
      output: !isLast,
      weight: needs.second !== undefined,
    })
    const destinationOf = (read: number): DataPlace =>
      read === needs.second
        ? { operand: 'weight', memory: view.levels.weight[tops.weight] }
        : { operand: 'input', memory: view.levels.input[tops.input] }
    this.bringMaps(needs, tops, destinationOf)
    this.readCaches(i, needs, destinationOf)
    const place: DataPlace = { operand: 'output', memory: view.levels.output[tops.output] }
    const mapBits = this.mapBitsOf(i, needs, live, destinationOf)
    if (!isLast) mapBits[place.memory] += outBits
    const computed = { layer: problem.layer, tops, solution }
    const copies = this.flush()
    const step: TileStep<S> = { kind: 'layer', node: i, copies, computed, mapBits }
    this.conclude(i, place, outBits)
    if (isLast) return step
    const outElement = outputDepth(node.layer) * node.layer.precisionBits.output
    this.keep(place, outElement, x.out[i], y.out[i], x.kept[i], y.kept[i])
    return step
  }

  private needsOf(i: number): LayerNeeds {
    const { x, y } = this.tile
    const node = this.stack.nodes[i]
    const reads = distinctReads(node)
    const second = reads.find((read) => node.reads[read].whole)
    const bits = reads.map((read) => this.bitsOf(i, read))
    const total = bits.reduce((sum, each) => sum + each, 0)
    const readBits = reads.reduce((sum, read) => sum + inputBits(node, read, i, x, y), 0)
    const secondBits = second === undefined ? 0 : this.bitsOf(i, second)
    return {
      node,
      reads,
      second,
      secondBits,
      inBits: total - secondBits,
      outBits: outputBits(node, i, x, y),
      unreadBits: total - readBits,
    }
  }

  /** Bits of a map that a layer reads, as far as they are stored for it. */
  private bitsOf(i: number, read: number): number {
    const { x, y } = this.tile
    const rule = this.context.conventions.unreadPartsStay ? storedInputBits : inputBits
    return rule(this.stack.nodes[i], read, i, x, y)
  }

  /** Copies the maps that a layer reads to where it reads them. */
  private bringMaps(
    { node, reads }: LayerNeeds,
    tops: Tops,
    destinationOf: (read: number) => DataPlace,
  ): void {
    const { view, conventions } = this.context
    for (const read of reads) {
      const { from } = node.reads[read]
      const { place, bits } = this.maps.of(from)
      const isFree =
        from < 0 &&
        conventions.lowerSourceIsFree &&
        view.levels.input.indexOf(place.memory) <= tops.input
      if (!isFree) this.request('move output', bits, place, destinationOf(read))
    }
  }

  /** Copies what earlier tiles have left of these maps. */
  private readCaches(
    i: number,
    { node, reads }: LayerNeeds,
    destinationOf: (read: number) => DataPlace,
  ): void {
    const { x, y, homes } = this.tile
    for (const read of reads) {
      const precision = this.context.conventions.cacheHasOutputPrecision
        ? node.layer.precisionBits.output
        : readPrecision(node, read)
      const element = node.reads[read].depth * precision
      const columns = x.reused[i][read]
      const rows = y.reused[i][read]
      if (homes.readColumns !== undefined) {
        const cache: DataPlace = { operand: 'input', memory: homes.readColumns }
        const bits = element * columns * y.input[i][read]
        this.request('read cached columns', bits, cache, destinationOf(read))
      }
      if (homes.readRows !== undefined) {
        const cache: DataPlace = { operand: 'input', memory: homes.readRows }
        const width = x.input[i][read] - (homes.readColumns === undefined ? 0 : columns)
        this.request('read cached rows', element * rows * width, cache, destinationOf(read))
      }
    }
  }

  /** Copies what later tiles need of a map into the caches. */
  private keep(
    place: DataPlace,
    elementBits: number,
    columns: number,
    rows: number,
    keptColumns: number,
    keptRows: number,
  ): void {
    const { homes } = this.tile
    const before = this.pending.length
    if (homes.keepRows !== undefined) {
      const cache: DataPlace = { operand: 'output', memory: homes.keepRows }
      this.request('keep rows', elementBits * columns * keptRows, place, cache)
    }
    const cornerRows = this.pending.length > before ? keptRows : 0
    if (homes.keepColumns !== undefined) {
      const cache: DataPlace = { operand: 'output', memory: homes.keepColumns }
      const bits = elementBits * keptColumns * (rows - cornerRows)
      this.request('keep columns', bits, place, cache)
    }
  }

  /** Bits per memory of feature maps while a layer runs, its output left out. */
  private mapBitsOf(
    i: number,
    { node, reads }: LayerNeeds,
    live: readonly number[],
    destinationOf: (read: number) => DataPlace,
  ): number[] {
    const mapBits = [...live]
    for (const { vertex, place, bits } of this.maps.except(node.reads.map(({ from }) => from))) {
      if (vertex < 0 && place.memory === this.sourceMemory) mapBits[this.sourceMemory] -= bits
    }
    for (const read of reads) {
      const { memory } = destinationOf(read)
      if (node.reads[read].from >= 0 || memory !== this.sourceMemory) {
        mapBits[memory] += this.bitsOf(i, read)
      }
    }
    return mapBits
  }

  /** Bits per memory of stored feature maps that later layers need but this one does not read. */
  private liveElsewhere(node: StackNode): number[] {
    const live = this.context.view.sizeBits.map(() => 0)
    for (const { place, bits } of this.maps.except(node.reads.map(({ from }) => from))) {
      live[place.memory] += bits
    }
    return live
  }

  /** The layer has made its output and read its inputs. */
  private conclude(i: number, place: DataPlace, bits: number): void {
    const { reads, readers } = this.stack.nodes[i]
    this.maps.hold(i, place, bits, readers)
    for (const { from } of reads) this.maps.release(from)
  }

  private request(reason: CopyReason, bits: number, from: DataPlace, to: DataPlace): void {
    if (bits > 0 && from.memory !== to.memory) this.pending.push({ reason, bits, from, to })
  }

  private flush(): CopyStep {
    const { view, conventions } = this.context
    const step = copyStep(view, this.pending, conventions)
    this.pending = []
    return step
  }

  private reserved(memory: number): number {
    return this.tile.reservedBits[memory]
  }
}
