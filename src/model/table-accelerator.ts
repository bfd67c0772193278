import type { Operand } from './layer.js'
import { row, tableRows, type TableRow } from './schedule-table.js'

/** The operands in index order of every triple: input, weight, output. */
export const operands = ['input', 'weight', 'output'] as const satisfies readonly Operand[]

/**
 * Which operand a buffer holds still while the level around it iterates: `ws` weight, `os` output, `is` input. Loops of
 * the next outer row that do not touch that operand do not re-send it.
 */
export const stationarities = ['none', 'is', 'ws', 'os'] as const
export type Stationarity = (typeof stationarities)[number]

/** Stationarity per buffer of one mapping; a level that is absent has none. */
export type TableDataflow = Readonly<
  Partial<Record<'REGISTER' | 'LOCAL_BUFFER' | 'GLOBAL_BUFFER', Stationarity>>
>

/** One value for all operands, or three: input, weight, output. */
export type PerOperand = readonly [number] | readonly [number, number, number]

/** One memory level. */
export interface TableBuffer {
  /** One size: a buffer shared by the operands; three: a buffer each (input, weight, output). Absent: unbounded (DRAM). */
  readonly sizeBytes?: PerOperand
  readonly dataflow: Stationarity
  /** Operands that pass by this level. */
  readonly bypass: readonly Operand[]
  /** pJ per element moved in or out. */
  readonly accessEnergyPj: PerOperand
  readonly staticPowerMw: PerOperand
  /** Cycles per transfer of `bandwidthBits`. */
  readonly cyclesPerTransfer: PerOperand
  readonly bandwidthBits: number
}

/** Copies side by side. */
export interface TableArray {
  readonly x: number
  readonly y: number
}

/**
 * An accelerator of the scheduling-table model: MAC arrays in PEs with a local buffer, PE arrays in chips with a global
 * buffer, chips around a DRAM. Source: NeuroSpector (Park et al., TPDS 2023), specification §1–2.
 */
export interface TableAccelerator {
  readonly kind: 'table-accelerator'
  readonly name: string
  /** Bits per element of every operand. */
  readonly precisionBits: number
  readonly clockMhz: number
  /** pJ per multiply-accumulate. */
  readonly macEnergyPj: number
  /** mW per MAC unit, idle or not. */
  readonly macStaticPowerMw: number
  /** Only the published semantics knows this level; it costs nothing there and holds no loops. */
  readonly register?: TableBuffer
  /** MAC units of one PE. */
  readonly macArray?: TableArray
  readonly localBuffer: TableBuffer
  /** PEs of one chip. */
  readonly peArray?: TableArray
  readonly globalBuffer?: TableBuffer
  readonly chips?: TableArray
  readonly dram: TableBuffer
}

/** The three values of a list; one value stands for all three. */
export function perOperand(values: PerOperand): readonly [number, number, number] {
  return values.length === 1 ? [values[0], values[0], values[0]] : values
}

/** Whether a buffer holds exactly one element of each operand: such a level can hold no loops. */
function isUnitBuffer(buffer: TableBuffer, precisionBits: number): boolean {
  const size = buffer.sizeBytes
  if (size === undefined) return false
  if (size.length === 1) return size[0] === Math.floor((3 * precisionBits) / 8)
  return size.every((bytes) => bytes === Math.floor(precisionBits / 8))
}

/** Per row of a scheduling table: whether the accelerator has it and it can hold a factor other than 1. */
export function realRows(a: TableAccelerator): readonly boolean[] {
  const buffer = (b: TableBuffer | undefined): boolean =>
    b !== undefined && !isUnitBuffer(b, a.precisionBits)
  return [
    buffer(a.register),
    (a.macArray?.x ?? 1) > 1,
    (a.macArray?.y ?? 1) > 1,
    buffer(a.localBuffer),
    (a.peArray?.x ?? 1) > 1,
    (a.peArray?.y ?? 1) > 1,
    buffer(a.globalBuffer),
    (a.chips?.x ?? 1) > 1,
    (a.chips?.y ?? 1) > 1,
    true,
  ]
}

/** Names of the rows that a mapping of this accelerator has. */
export function realRowNames(a: TableAccelerator): TableRow[] {
  const real = realRows(a)
  return tableRows.filter((_, r) => real[r])
}

/** Whether a row stands for parallel copies (a side of an array) rather than a memory level. */
export function isSpatialRow(r: number): boolean {
  return r !== row.register && r !== row.localBuffer && r !== row.globalBuffer && r !== row.dram
}

/** Stationarities that the accelerator's description fixes. */
export function fixedDataflow(a: TableAccelerator): TableDataflow {
  const real = realRows(a)
  return Object.freeze({
    ...(a.register && real[row.register] ? { REGISTER: a.register.dataflow } : {}),
    ...(real[row.localBuffer] ? { LOCAL_BUFFER: a.localBuffer.dataflow } : {}),
    ...(a.globalBuffer && real[row.globalBuffer] ? { GLOBAL_BUFFER: a.globalBuffer.dataflow } : {}),
  })
}

/**
 * The dataflows that a search considers. `fixed`: the accelerator's own. `flexible`: every buffer that has a
 * stationarity takes each of IS, WS, OS, except of operands that bypass it; innermost buffer fastest (specification §8).
 */
export function dataflowChoices(
  a: TableAccelerator,
  mode: 'fixed' | 'flexible',
): readonly TableDataflow[] {
  const fixed = fixedDataflow(a)
  if (mode === 'fixed') return [fixed]
  const levels = [
    ['REGISTER', a.register],
    ['LOCAL_BUFFER', a.localBuffer],
    ['GLOBAL_BUFFER', a.globalBuffer],
  ] as const
  let choices: TableDataflow[] = [fixed]
  for (const [name, buffer] of levels.toReversed()) {
    if (buffer === undefined || (fixed[name] ?? 'none') === 'none') continue
    const allowed = (['is', 'ws', 'os'] as const).filter(
      (_, operand) => !buffer.bypass.includes(operands[operand]),
    )
    choices = choices.flatMap((choice) => allowed.map((s) => ({ ...choice, [name]: s })))
  }
  return choices.map((choice) => Object.freeze(choice))
}
