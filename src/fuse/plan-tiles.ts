import { axisClasses, type AxisClass } from './axis-classes.js'
import { outputDepth } from './depth.js'
import { topMemory, type MemoryView } from './memory-view.js'
import { weightBits } from './network.js'
import { cachesColumns, cachesRows, type OverlapMode } from './overlap-mode.js'
import { peakBits, storedInputBits } from './peak-bits.js'
import type { Stack } from './stack.js'
import type { TileHomes, TileType } from './tile-type.js'

/** Bits that a stack keeps over its tiles, in the worst tile. */
interface Needs {
  readonly peak: number
  readonly columns: number
  readonly rows: number
  /** Both caches in one memory: what lies in both is stored once. */
  readonly both: number
  readonly weights: number
}

/**
 * Tile types of a stack: exact positions with borders and padding ({@link axisClasses}), and one home each for the
 * column cache, the row cache and the weights, the lowest memories that hold them together with the live feature maps
 * of the worst tile. Feature maps choose first, then columns, rows and weights (spec §11.2).
 */
export function planTiles(
  stack: Stack,
  view: MemoryView,
  mode: OverlapMode,
  tileX: number,
  tileY: number,
): TileType[] {
  const columns = axisClasses(stack, 'x', tileX, cachesColumns(mode))
  const rows = axisClasses(stack, 'y', tileY, cachesRows(mode))
  const width = stack.nodes[stack.nodes.length - 1].layer.dims.OX
  const fullWidth =
    columns.tiles === 1 ? columns.classes : axisClasses(stack, 'x', width, false).classes
  const pairs = columns.classes.flatMap((column, c) =>
    rows.classes.map((row, r) => {
      const x = column.tile
      const y = row.tile
      return {
        column,
        row,
        x,
        y,
        first: c === 0 && r === 0,
        peak: peakBits(stack, x, y, storedInputBits),
      }
    }),
  )
  const needs = worstNeeds(stack, pairs, fullWidth[0])
  const homes = chooseHomes(view, needs)
  const reservedBits = view.sizeBits.map((_, memory) => {
    if (memory === homes.columns && memory === homes.rows) return needs.both
    return memory === homes.columns ? needs.columns : memory === homes.rows ? needs.rows : 0
  })
  const top = view.levels.weight.length - 1
  return pairs.flatMap(({ column, row, x, y, first, peak }): TileType[] => {
    const own: Omit<TileHomes, 'weightLevel'> = {
      ...(uses(x.reused) ? { readColumns: homes.columns } : {}),
      ...(uses([x.kept, x.sourceKept]) ? { keepColumns: homes.columns } : {}),
      ...(uses(y.reused) ? { readRows: homes.rows } : {}),
      ...(uses([y.kept, y.sourceKept]) ? { keepRows: homes.rows } : {}),
    }
    const type = (count: number, weightLevel: number): TileType => ({
      count,
      width: column.size,
      height: row.size,
      x,
      y,
      homes: { ...own, weightLevel },
      reservedBits,
      peakBits: peak,
    })
    const rest = column.count * row.count - (first ? 1 : 0)
    // The first tile of a stack takes its weights from the top of their hierarchy.
    return [...(first ? [type(1, top)] : []), ...(rest > 0 ? [type(rest, homes.weightLevel)] : [])]
  })
}

function uses(amounts: readonly (readonly number[])[]): boolean {
  return amounts.some((each) => each.some((amount) => amount > 0))
}

interface Pair {
  readonly column: AxisClass
  readonly row: AxisClass
  readonly y: { readonly input: readonly (readonly number[])[]; readonly out: readonly number[] }
  readonly peak: number
}

function worstNeeds(stack: Stack, pairs: readonly Pair[], full: AxisClass): Needs {
  // Every map that tiles share: bits per element column and row, and where its numbers stand.
  const maps = [
    ...stack.nodes.map(({ layer }, i) => ({
      bits: outputDepth(layer) * layer.precisionBits.output,
      held: (axis: AxisClass) => axis.held[i],
      heldBefore: (axis: AxisClass) => axis.heldBefore[i],
      made: (axis: AxisClass) => axis.tile.out[i],
    })),
    ...stack.sources.map((source, s) => ({
      bits: source.depth * source.bitsPerElement,
      held: (axis: AxisClass) => axis.sourceHeld[s],
      heldBefore: (axis: AxisClass) => axis.sourceHeldBefore[s],
      made: (axis: AxisClass) => axis.tile.source[s],
    })),
  ]
  const worst = (amount: (pair: Pair) => number): number => Math.max(...pairs.map(amount))
  // The next column needs the rows that this tile made and those that it read from the tiles above.
  const columns = ({ column, row }: Pair): number =>
    sum(maps, (map) => map.bits * map.held(column) * (map.made(row) + map.heldBefore(row)))
  // Rows of the tiles above give way to those for the tiles below, one tile after the other.
  const rows = ({ row }: Pair): number =>
    sum(maps, (map) => map.bits * Math.max(map.held(row), map.heldBefore(row)) * map.made(full))
  const corner = ({ column, row }: Pair): number =>
    sum(maps, (map) => map.bits * map.held(column) * (map.heldBefore(row) || map.held(row)))
  return {
    peak: worst((pair) => pair.peak),
    columns: worst(columns),
    rows: worst(rows),
    both: worst((pair) => columns(pair) + rows(pair) - corner(pair)),
    weights: sum(stack.nodes, ({ layer }) => weightBits(layer)),
  }
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0)
}

function chooseHomes(
  view: MemoryView,
  needs: Needs,
): { readonly columns: number; readonly rows: number; readonly weightLevel: number } {
  const maps = view.levels.output.filter(
    (memory) => view.single[memory] && view.levels.input.includes(memory),
  )
  const taken = view.sizeBits.map(() => 0)
  const settle = (bits: (memory: number) => number): number => {
    const home =
      maps.find((memory) => taken[memory] + bits(memory) <= view.sizeBits[memory]) ??
      topMemory(view, 'output')
    taken[home] += bits(home)
    return home
  }
  const peakHome = settle(() => needs.peak)
  // Memories below the feature maps' home serve as scratch for small maps: caches go beside or above.
  for (const memory of maps) {
    if (memory === peakHome) break
    taken[memory] = Infinity
  }
  const columns = settle(() => needs.columns)
  const rows = settle((memory) => (memory === columns ? needs.both - needs.columns : needs.rows))
  const level = view.levels.weight.findIndex(
    (memory) =>
      view.single[memory] &&
      (Number.isFinite(taken[memory]) ? taken[memory] : needs.peak) + needs.weights <=
        view.sizeBits[memory],
  )
  return { columns, rows, weightLevel: level < 0 ? view.levels.weight.length - 1 : level }
}
