import type { HierarchicalAccelerator } from './hierarchical-accelerator.js'
import type { LoopDim } from './loop-dims.js'
import type { LayerOperandName } from './layer-operand.js'
import { loweredDimensions } from './lower-table-accelerator.js'
import { levelsOf } from './memory-hierarchy.js'
import { columnCount, row, tableColumns, tableRows, type ScheduleTable } from './schedule-table.js'
import type { Unroll } from './spatial-unrolling.js'
import type { Stationarity, TableDataflow } from './table-accelerator.js'
import type { TemporalLoop, UnevenMapping } from './uneven-mapping.js'

/** Loop dimension of every column of a scheduling table. */
const dims: Readonly<Record<(typeof tableColumns)[number], LoopDim>> = {
  K: 'K',
  B: 'B',
  P: 'OY',
  Q: 'OX',
  C: 'C',
  R: 'FY',
  S: 'FX',
  G: 'G',
}

/** Loops that leave the stationary operand in place; they run innermost in the level around its buffer. */
const spared: Readonly<Record<Stationarity, readonly LoopDim[]>> = {
  none: [],
  is: ['K'],
  ws: ['B', 'OY', 'OX'],
  os: ['C', 'FY', 'FX'],
}

/**
 * A scheduling table as a loop order of the lowered accelerator. A table leaves the order inside a level open but for
 * the loops that its dataflow spares, which come first; every operand is cut at the same loops.
 */
export function lowerScheduleTable(
  table: ScheduleTable,
  dataflow: TableDataflow,
  accelerator: HierarchicalAccelerator,
): UnevenMapping {
  const factor = (r: number, c: number): number => table[r * columnCount + c]
  const spatial = Object.entries(loweredDimensions).flatMap(([name, arrayDimension]) =>
    tableColumns.flatMap((letter, c): Unroll[] => {
      const size = factor(tableRows.indexOf(name as (typeof tableRows)[number]), c)
      return size > 1 ? [{ arrayDimension, dim: dims[letter], factor: size }] : []
    }),
  )
  const level = (r: number, inner: Stationarity): TemporalLoop[] => {
    const loops = tableColumns.map((letter, c) => ({ dim: dims[letter], size: factor(r, c) }))
    const first = spared[inner]
    return [
      ...loops.filter((loop) => first.includes(loop.dim)),
      ...loops.filter((loop) => !first.includes(loop.dim)),
    ].filter((loop) => loop.size > 1)
  }
  const local = dataflow.LOCAL_BUFFER ?? 'none'
  const levels = {
    LOCAL_BUFFER: level(row.localBuffer, 'none'),
    GLOBAL_BUFFER: level(row.globalBuffer, local),
    DRAM: level(row.dram, dataflow.GLOBAL_BUFFER ?? local),
  }
  const ends = {
    LOCAL_BUFFER: levels.LOCAL_BUFFER.length,
    GLOBAL_BUFFER: levels.LOCAL_BUFFER.length + levels.GLOBAL_BUFFER.length,
    DRAM: levels.LOCAL_BUFFER.length + levels.GLOBAL_BUFFER.length + levels.DRAM.length,
  }
  const cuts = (['output', 'weight', 'input'] as const).map(
    (operand): [LayerOperandName, number[]] => [
      operand,
      levelsOf(accelerator, operand).map((index) => {
        const { name } = accelerator.memories[index]
        const buffer = (Object.keys(ends) as (keyof typeof ends)[]).find((each) =>
          name.startsWith(each),
        )
        return ends[buffer ?? 'DRAM']
      }),
    ],
  )
  return {
    kind: 'uneven-mapping',
    spatial,
    loops: [...levels.LOCAL_BUFFER, ...levels.GLOBAL_BUFFER, ...levels.DRAM],
    cuts: Object.fromEntries(cuts),
  }
}
