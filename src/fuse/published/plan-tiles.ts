import { weightBits } from '../network.js'
import { topMemory, type MemoryView } from '../memory-view.js'
import { cachesColumns, cachesRows, type OverlapMode } from '../overlap-mode.js'
import { inputBits, peakBits } from '../peak-bits.js'
import type { Stack } from '../stack.js'
import type { AxisTile, TileHomes, TileType } from '../tile-type.js'
import { axisSizes, reachOf, type AxisReach, type AxisSizes } from './axis-sizes.js'

/** Full sizes of a stack, worked back from its output (spec §9.1). */
export interface FullSizes {
  readonly x: AxisSizes
  readonly y: AxisSizes
}

export function fullSizes(stack: Stack, width: number, height: number): FullSizes {
  return {
    x: axisSizes(stack, reachOf(stack, 'x'), width, false, false),
    y: axisSizes(stack, reachOf(stack, 'y'), height, false, false),
  }
}

/** What one tile would choose for itself (spec §11.2, per memoised key). */
interface Choice {
  readonly columns: number
  readonly rows: number
  readonly weightLevel: number
  /** Steady-state sizes with every cache made, for what is written and read. */
  readonly x: AxisSizes
  readonly y: AxisSizes
  readonly peakBits: number
}

interface Position {
  readonly count: number
  readonly size: number
  readonly first: boolean
  readonly last: boolean
}

/**
 * Tile types of a stack as the published program finds them (spec §11.1, §11.2): sizes grow without regard to
 * borders, cache sizes are derived as if rows were always cached (Q22), a tile reads the column cache from the memory
 * it would choose itself (Q42), and the last tile decides where rows are cached (Q43).
 */
export function planPublishedTiles(
  stack: Stack,
  view: MemoryView,
  mode: OverlapMode,
  tileX: number,
  tileY: number,
  full: FullSizes,
): TileType[] {
  const output = stack.nodes.length - 1
  const columns = positions(full.x.out[output], tileX)
  const rows = positions(full.y.out[output], tileY)
  const reach = { x: reachOf(stack, 'x'), y: reachOf(stack, 'y') }
  const memo = new Map<string, Choice>()
  const choose = (column: Position, row: Position): Choice => {
    const key = [column.size, row.size, column.first, row.first].join()
    let choice = memo.get(key)
    if (choice === undefined) {
      choice = chooseHomes(stack, view, mode, column, row, reach, full)
      memo.set(key, choice)
    }
    return choice
  }
  let weightLevel = 0
  for (const column of columns) {
    for (const row of rows) weightLevel = Math.max(weightLevel, choose(column, row).weightLevel)
  }
  const rowHome = choose(columns[columns.length - 1], rows[rows.length - 1]).rows
  const types = new Map<string, TileType & { count: number }>()
  for (const row of rows) {
    for (const [c, column] of columns.entries()) {
      const own = choose(column, row)
      const right = column.first ? columns[1] : (columns[c + 1] ?? column)
      const homes: Omit<TileHomes, 'weightLevel'> = {
        ...(cachesColumns(mode) && !column.first ? { readColumns: own.columns } : {}),
        ...(cachesColumns(mode) && !column.last
          ? { keepColumns: choose(right.last ? right : middleOf(columns), row).columns }
          : {}),
        ...(cachesRows(mode) && !row.first ? { readRows: rowHome } : {}),
        ...(cachesRows(mode) && !row.last ? { keepRows: rowHome } : {}),
      }
      const x = axisTile(stack, reach.x, column, cachesColumns(mode), own.x)
      const y = axisTile(stack, reach.y, row, cachesRows(mode), own.y)
      const add = (count: number, level: number): void => {
        if (count === 0) return
        const key = JSON.stringify([column.size, row.size, level, homes, x, y])
        const known = types.get(key)
        if (known !== undefined) {
          known.count += count
          return
        }
        types.set(key, {
          count,
          width: column.size,
          height: row.size,
          x,
          y,
          homes: { ...homes, weightLevel: level },
          reservedBits: view.sizeBits.map(() => 0),
          peakBits: own.peakBits,
        })
      }
      const veryFirst = column.first && row.first ? 1 : 0
      // The first tile of a stack takes its weights from the top; its type stands alone even when that is their home.
      add(veryFirst, FROM_TOP)
      add(column.count * row.count - veryFirst, weightLevel)
    }
  }
  const top = view.levels.weight.length - 1
  return [...types.values()].map((type) =>
    type.homes.weightLevel === FROM_TOP
      ? { ...type, homes: { ...type.homes, weightLevel: top } }
      : type,
  )
}

const FROM_TOP = -1

/** Column (or row) classes, remainder first: only first, middle and last can differ. */
function positions(total: number, tile: number): Position[] {
  const rest = tile > total ? total : total % tile || tile
  const others = (total - rest) / tile
  if (others === 0) return [{ count: 1, size: rest, first: true, last: true }]
  return [
    { count: 1, size: rest, first: true, last: false },
    ...(others > 1 ? [{ count: others - 1, size: tile, first: false, last: false }] : []),
    { count: 1, size: tile, first: false, last: true },
  ]
}

/** A column that is neither first nor alone; its choice does not depend on being last. */
function middleOf(columns: readonly Position[]): Position {
  return columns[columns.length - 1]
}

function axisTile(
  stack: Stack,
  reach: readonly AxisReach[],
  position: Position,
  cached: boolean,
  making: AxisSizes,
): AxisTile {
  const sizes = axisSizes(stack, reach, position.size, cached && !position.first, true)
  const zero = stack.nodes.map(() => 0)
  return {
    out: sizes.out,
    source: sizes.source,
    input: sizes.input,
    reused:
      cached && !position.first ? making.overlap : sizes.overlap.map((each) => each.map(() => 0)),
    kept:
      !cached || position.last
        ? zero
        : making.keep.map((amount, i) =>
            position.first ? amount : Math.min(amount, making.out[i]),
          ),
    sourceKept: stack.sources.map(() => 0),
    padBefore: zero,
    padAfter: zero,
  }
}

function chooseHomes(
  stack: Stack,
  view: MemoryView,
  mode: OverlapMode,
  column: Position,
  row: Position,
  reach: { readonly x: readonly AxisReach[]; readonly y: readonly AxisReach[] },
  full: FullSizes,
): Choice {
  const makeX = axisSizes(stack, reach.x, column.size, !column.first, true)
  const makeY = axisSizes(stack, reach.y, row.size, !row.first, true)
  const usedX = axisSizes(stack, reach.x, column.size, !column.first && cachesColumns(mode), true)
  const usedY = axisSizes(stack, reach.y, row.size, !row.first && cachesRows(mode), true)
  const peak = peakBits(stack, usedX, usedY, inputBits)
  let columnBits = 0
  let rowBits = 0
  let cornerBits = 0
  stack.nodes.forEach(({ layer, reads }, i) =>
    reads.forEach(({ depth }, operand) => {
      const bits = depth * layer.precisionBits.input
      const [dx, dy] = [makeX.overlap[i][operand], makeY.overlap[i][operand]]
      columnBits += bits * makeY.input[i][operand] * dx
      rowBits += bits * full.x.input[i][operand] * dy
      cornerBits += bits * dx * dy
    }),
  )
  const shared = view.levels.output.filter(
    (memory) => view.levels.input.includes(memory) && view.single[memory],
  )
  const lowest = (need: (memory: number) => number): number =>
    shared.find((memory) => view.sizeBits[memory] >= need(memory)) ?? topMemory(view, 'output')
  const mapHome = lowest(() => peak)
  const needColumns = column.first ? peak : peak + columnBits
  const columnHome = lowest(() => needColumns)
  const needRows = needColumns + rowBits
  const rowHome = lowest((memory) => needRows - (memory === columnHome ? cornerBits : 0))
  const reserved = view.levels.output.slice(0, view.levels.output.indexOf(mapHome) + 1)
  const weights = stack.nodes.reduce((sum, { layer }) => sum + weightBits(layer), 0)
  const weightNeed = (memory: number): number => {
    if (cachesRows(mode) && memory === rowHome) {
      return weights + needRows - (memory === columnHome ? cornerBits : 0)
    }
    if (cachesColumns(mode) && memory === columnHome) return weights + needColumns
    return reserved.includes(memory) ? weights + peak : weights
  }
  const level = view.levels.weight.findIndex(
    (memory) => view.sizeBits[memory] >= weightNeed(memory),
  )
  return {
    columns: columnHome,
    rows: rowHome,
    weightLevel: level < 0 ? view.levels.weight.length - 1 : level,
    x: makeX,
    y: makeY,
    peakBits: peak,
  }
}
