import type { Stack } from './stack.js'
import type { AxisTile } from './tile-type.js'

/** Columns (or rows) of tiles that look alike. */
export interface AxisClass {
  /** Tiles along the axis that look like this. */
  readonly count: number
  /** Output size of the tile. */
  readonly size: number
  readonly tile: AxisTile
  /** Per node and per source: columns that stay in the cache after such a tile. */
  readonly held: readonly number[]
  readonly sourceHeld: readonly number[]
  /** The same, as the tile before it left them; the most of all tiles of the class. */
  readonly heldBefore: readonly number[]
  readonly sourceHeldBefore: readonly number[]
}

export interface AxisPlan {
  /** In order of first appearance; the first tile is of class 0. */
  readonly classes: readonly AxisClass[]
  readonly tiles: number
}

/** A class while its tiles are counted. */
type CountedClass = { -readonly [key in keyof AxisClass]: AxisClass[key] }

/** One axis of the layers of a stack: how output positions reach into stored input positions. */
interface EdgeReach {
  readonly kernel: number
  readonly stride: number
  /** Input position of output 0, kernel 0; negative inside the padding, positive when a map is cropped. */
  readonly offset: number
  /** Stored positions of the map that is read. */
  readonly stored: number
  /** Whatever is made of it needs all of it. */
  readonly whole: boolean
}

/** Half-open interval of positions; empty when end ≤ start. */
interface Range {
  start: number
  end: number
}

/**
 * Cuts one axis of a stack into tiles and works out for each, exactly, which positions of every feature map it
 * computes, reads, takes from the cache and leaves there: padding is never stored or read, nothing beyond a border is
 * computed, and positions are computed once when the axis is cached. Positions that nothing reads (behind a stride
 * larger than the kernel) are not computed. Tiles that agree in all of it form a class.
 * @param tileSize output positions of a tile; the remainder tile comes first, where it needs least memory
 */
export function axisClasses(
  stack: Stack,
  axis: 'x' | 'y',
  tileSize: number,
  cached: boolean,
): AxisPlan {
  const reach = edgeReach(stack, axis)
  const output = stack.nodes.length - 1
  const total = sizeOf(stack, output, axis)
  const starts = tileStarts(total, tileSize)
  // Vertices: nodes first, then sources.
  const vertices = stack.nodes.length + stack.sources.length
  const vertexOf = (read: number): number => (read < 0 ? stack.nodes.length + ~read : read)
  const done = new Array<number>(vertices).fill(0)
  const columns = starts.map((start, j) => {
    const made: Range[] = Array.from({ length: vertices }, () => ({
      start: Infinity,
      end: -Infinity,
    }))
    made[output] = { start, end: starts[j + 1] ?? total }
    const input: Range[][] = stack.nodes.map(() => [])
    const before = [...done]
    for (let i = output; i >= 0; i--) {
      if (cached) made[i] = { start: Math.max(made[i].start, before[i]), end: made[i].end }
      stack.nodes[i].reads.forEach((read, operand) => {
        const range = readRange(made[i], reach[i][operand])
        input[i][operand] = range
        if (range.end <= range.start) return
        const from = made[vertexOf(read.from)]
        from.start = Math.min(from.start, range.start)
        from.end = Math.max(from.end, range.end)
      })
    }
    stack.sources.forEach((_, s) => {
      const v = stack.nodes.length + s
      if (cached) made[v].start = Math.max(made[v].start, before[v])
    })
    made.forEach((range, v) => {
      if (range.end > range.start) done[v] = Math.max(done[v], range.end)
    })
    return { made, input, before, after: [...done] }
  })

  // First position of each map that any later tile reads again.
  const wanted = new Array<number>(vertices).fill(Infinity)
  const held: number[][] = columns.map(() => [])
  for (let j = columns.length - 1; j >= 0; j--) {
    held[j] = wanted.map((from, v) => (cached ? Math.max(0, columns[j].after[v] - from) : 0))
    stack.nodes.forEach((node, i) =>
      node.reads.forEach((read, operand) => {
        const range = columns[j].input[i][operand]
        const v = vertexOf(read.from)
        if (range.end > range.start) wanted[v] = Math.min(wanted[v], range.start)
      }),
    )
  }

  const classes = new Map<string, CountedClass>()
  columns.forEach(({ made, input, before }, j) => {
    const size = (v: number): number => Math.max(0, made[v].end - made[v].start)
    const kept = held[j].map((amount, v) => Math.min(amount, size(v)))
    const nodes = stack.nodes.length
    const out = stack.nodes.map((_, i) => size(i))
    const tile: AxisTile = {
      out,
      source: stack.sources.map((_, s) => size(nodes + s)),
      input: input.map((each) => each.map((range) => Math.max(0, range.end - range.start))),
      reused: stack.nodes.map((node, i) =>
        node.reads.map((read, operand) => {
          if (!cached) return 0
          const { start, end } = input[i][operand]
          return Math.max(0, Math.min(end, before[vertexOf(read.from)]) - start)
        }),
      ),
      kept: kept.slice(0, nodes),
      sourceKept: kept.slice(nodes),
      padBefore: stack.nodes.map((_, i) =>
        out[i] === 0 ? 0 : padding(made[i], reach[i], 'before'),
      ),
      padAfter: stack.nodes.map((_, i) => (out[i] === 0 ? 0 : padding(made[i], reach[i], 'after'))),
    }
    const left = held[j - 1] ?? made.map(() => 0)
    const entry = {
      count: 1,
      size: (starts[j + 1] ?? total) - starts[j],
      tile,
      held: held[j].slice(0, nodes),
      sourceHeld: held[j].slice(nodes),
      heldBefore: left.slice(0, nodes),
      sourceHeldBefore: left.slice(nodes),
    }
    const key = JSON.stringify([tile, entry.held, entry.sourceHeld])
    const known = classes.get(key)
    if (known === undefined) {
      classes.set(key, entry)
      return
    }
    const most = (a: readonly number[], b: readonly number[]): number[] =>
      a.map((amount, v) => Math.max(amount, b[v]))
    known.count++
    known.heldBefore = most(known.heldBefore, entry.heldBefore)
    known.sourceHeldBefore = most(known.sourceHeldBefore, entry.sourceHeldBefore)
  })
  return { classes: [...classes.values()], tiles: columns.length }
}

/** Output size of a node along an axis. */
function sizeOf(stack: Stack, i: number, axis: 'x' | 'y'): number {
  const { dims } = stack.nodes[i].layer
  return axis === 'x' ? dims.OX : dims.OY
}

function tileStarts(total: number, tile: number): number[] {
  const rest = tile >= total ? total : total % tile || tile
  const starts = [0]
  for (let start = rest; start < total; start += tile) starts.push(start)
  return starts
}

function edgeReach(stack: Stack, axis: 'x' | 'y'): EdgeReach[][] {
  return stack.nodes.map(({ layer, reads }) => {
    const [out, kernel] =
      axis === 'x' ? [layer.dims.OX, layer.dims.FX] : [layer.dims.OY, layer.dims.FY]
    const stride = layer.stride[axis]
    const span = (kernel - 1) * layer.dilation[axis] + 1
    const pad = axis === 'x' ? layer.padding.left : layer.padding.top
    return reads.map(({ from, whole }) => {
      const source = stack.sources[~from]
      const stored =
        from >= 0 ? sizeOf(stack, from, axis) : axis === 'x' ? source.width : source.height
      // A residual add that reads a larger map reads its middle.
      const crop = layer.operator === 'add' && stored > out ? Math.floor((stored - out) / 2) : 0
      return { kernel: span, stride, offset: crop - pad, stored, whole }
    })
  })
}

/** Stored input positions that outputs of `made` read. */
function readRange(made: Range, { kernel, stride, offset, stored, whole }: EdgeReach): Range {
  if (made.end <= made.start) return { start: 0, end: 0 }
  if (whole) return { start: 0, end: stored }
  return {
    start: Math.max(0, made.start * stride + offset),
    end: Math.min(stored, (made.end - 1) * stride + kernel + offset),
  }
}

/** Zeros that a node adds on one side for the outputs of `made`: what its window reaches beyond the stored map. */
function padding(made: Range, edges: readonly EdgeReach[], side: 'before' | 'after'): number {
  const { kernel, stride, offset, stored } = edges[0]
  const start = made.start * stride + offset
  const end = (made.end - 1) * stride + kernel + offset
  const reach = side === 'before' ? -start : end - stored
  return Math.min(Math.max(0, reach), end - start)
}
