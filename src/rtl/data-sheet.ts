// Longer than 300 lines: the data sheet is prose and tables, one section after another.
import { isFloat, type HardwareOptions } from './hardware-options.js'
import { FLOAT_DECISION_CLOCKS, FLOAT_FIRST_CLOCKS } from './float/index.js'
import { integerWidths, recordBits, recordFields, usesDensity } from './integer/index.js'
import { HIDDEN_DECISION_CLOCKS, VISIBLE_DECISION_CLOCKS } from './integer/index.js'

/** One port of the top module. */
export interface PortRow {
  readonly name: string
  readonly direction: 'in' | 'out'
  readonly bits: number
  readonly meaning: string
}

/** One register or command of the host interface. */
export interface RegisterRow {
  readonly address: string
  readonly access: 'write' | 'read'
  readonly name: string
  readonly meaning: string
}

export interface FieldRow {
  readonly memory: string
  readonly bits: string
  readonly name: string
  readonly meaning: string
}

/** What a user of the generated block must know, as data. */
export interface DataSheet {
  readonly title: string
  readonly ports: readonly PortRow[]
  readonly registers: readonly RegisterRow[]
  readonly fields: readonly FieldRow[]
  /** Clocks from the end of a layer to the next start. */
  readonly decisionClocks: {
    /** When the scores of the waiting requests were ready; undefined: never hidden. */
    readonly hidden?: number
    /** Otherwise, with n requests in the queue: at most slope · n + offset. */
    readonly visible: { readonly slope: number; readonly offset: number }
  }
  readonly recordBits: number
  readonly notes: readonly string[]
}

/** The data sheet of a design. */
export function dataSheet(options: HardwareOptions): DataSheet {
  return isFloat(options.format) ? floatSheet(options) : integerSheet(options)
}

function integerSheet(options: HardwareOptions): DataSheet {
  const w = integerWidths(options)
  const K = options.accelerators
  const density = usesDensity(options)
  const T = w.time
  const fields: FieldRow[] = []
  let bit = 0
  for (const f of recordFields(options)) {
    fields.push({
      memory: 'record',
      bits: f.bits === 1 ? `${bit}` : `${bit + f.bits - 1}:${bit}`,
      name: f.name,
      meaning: f.meaning,
    })
    bit += f.bits
  }
  fields.push({ memory: 'table 0', bits: '23', name: 'last', meaning: 'last layer of the network' })
  if (density)
    fields.push(
      {
        memory: 'table 0',
        bits: '22:20',
        name: 'reciprocal exponent',
        meaning: 'digits to shift the measured density by',
      },
      {
        memory: 'table 0',
        bits: '19:17',
        name: 'latency exponent',
        meaning: 'digits to shift the estimate by',
      },
      {
        memory: 'table 0',
        bits: '16:0',
        name: 'latency mantissa',
        meaning: 'remaining sub-ticks / executed layers / 2^14 · 16^exponent',
      },
      {
        memory: 'table 1',
        bits: '15:0',
        name: 'reciprocal mantissa',
        meaning: '2^14 / expected non-zeros · 16^exponent',
      },
    )
  if (options.policy === 'dysta')
    fields.push(
      {
        memory: 'table 1',
        bits: '31:16',
        name: 'kappa',
        meaning: 'sub-ticks of penalty per tick of waiting, times n, 8 fraction bits',
      },
      ...(w.kappa > 16
        ? [
            {
              memory: 'table 0',
              bits: `${24 + w.kappa - 17}:24`,
              name: 'kappa, high bits',
              meaning: 'above bit 15',
            },
          ]
        : []),
    )
  return {
    title: `${options.slots}-slot ${options.policy} scheduler, ${options.format}, ${K} accelerator${K === 1 ? '' : 's'}`,
    ports: [
      { name: 'clk', direction: 'in', bits: 1, meaning: 'clock' },
      {
        name: 'rst',
        direction: 'in',
        bits: 1,
        meaning: 'synchronous reset, active high; tables keep their words',
      },
      {
        name: 'bus_write',
        direction: 'in',
        bits: 1,
        meaning: 'write bus_wdata to bus_addr; hold until bus_ready',
      },
      { name: 'bus_addr', direction: 'in', bits: 3, meaning: 'register' },
      { name: 'bus_wdata', direction: 'in', bits: 32, meaning: 'word to write' },
      {
        name: 'bus_ready',
        direction: 'out',
        bits: 1,
        meaning: 'low: SUBMIT or CANCEL must wait (scan running, or every slot taken)',
      },
      {
        name: 'bus_rdata',
        direction: 'out',
        bits: 32,
        meaning: 'register at bus_addr, combinational',
      },
      { name: 'done', direction: 'in', bits: K, meaning: 'pulse: the running layer is finished' },
      {
        name: 'done_exit',
        direction: 'in',
        bits: K,
        meaning: 'with done: the request ends here whatever the table says',
      },
      ...(density
        ? ([
            {
              name: 'stream_valid',
              direction: 'in',
              bits: K,
              meaning: 'a beat of the output stream',
            },
            {
              name: 'stream_data',
              direction: 'in',
              bits: K * options.lanes * options.laneBits,
              meaning: `${options.lanes} lanes of ${options.laneBits} bits, after the activation function`,
            },
          ] as const)
        : []),
      {
        name: 'start',
        direction: 'out',
        bits: K,
        meaning: 'high while the accelerator runs its layer',
      },
      {
        name: 'selected_tag',
        direction: 'out',
        bits: K * w.position,
        meaning: 'tag of the request; stable while start is high',
      },
    ],
    registers: [
      { address: '0', access: 'write', name: 'TABLE_ROW', meaning: 'row for the next table words' },
      { address: '1', access: 'write', name: 'TABLE_WORD0', meaning: 'word 0 of the row' },
      {
        address: '2',
        access: 'write',
        name: 'TABLE_WORD1',
        meaning: 'word 1 of the row; the row steps by one',
      },
      {
        address: '3',
        access: 'write',
        name: 'REQUEST',
        meaning: `[${w.row - 1}:0] first table row, [${16 + w.position - 1}:16] tag`,
      },
      {
        address: '4',
        access: 'write',
        name: 'SUBMIT',
        meaning: `[${T - 1}:0] deadline in ticks (absolute): the request enters the queue`,
      },
      {
        address: '5',
        access: 'write',
        name: 'CANCEL',
        meaning: `[${w.position - 1}:0] tag: leaves now, or with its running layer`,
      },
      {
        address: '0',
        access: 'read',
        name: 'NOW',
        meaning: `current tick (2^${options.tickShift} clocks each)`,
      },
      {
        address: '1',
        access: 'read',
        name: 'STATUS',
        meaning: `[31] settled, [30] last CANCEL found its tag, [${w.position}:0] occupancy`,
      },
      {
        address: '2',
        access: 'read',
        name: 'MISSES',
        meaning: 'deadlines seen to pass; 16 bits, saturating',
      },
    ],
    fields,
    decisionClocks: {
      hidden: HIDDEN_DECISION_CLOCKS,
      visible: { slope: 1, offset: VISIBLE_DECISION_CLOCKS },
    },
    recordBits: recordBits(options),
    notes: [
      `Times are ${T}-bit ticks that wrap around; distances are signed, so a deadline may lie up to ${2 ** (T - 1) - 1} ticks ahead. A deadline that has been seen to pass stays missed.`,
      `Durations and scores count sub-ticks: a tick is ${2 ** w.fraction} of them.`,
      'Ties: the running request goes on; among waiting requests the lowest record position wins.',
      'The waiting requests are scored again at every tick and whenever the set changes; a decision uses the last complete scan, which is at most one tick and one scan old.',
      'A completion that falls into the two clocks in which a cancellation commits, or into another accelerator’s decision, waits for it.',
    ],
  }
}

function floatSheet(options: HardwareOptions): DataSheet {
  const W = options.format === 'fp16' ? 16 : 32
  const D = Math.log2(options.slots)
  const beat = options.lanes * options.laneBits
  const registers: [string, string, string][] = [
    ['0001', 'TABLE', '[4:0] model, [6:5] pattern: table pointer := (4 model + pattern) · 50'],
    ['0010', 'LATENCY', 'average remaining latency of the row'],
    ['0011', 'DENSITY', '1 / average density'],
    [
      '0100',
      'ISOLATION',
      `waiting weight, signed fixed point with ${W === 16 ? 8 : 18} fraction bits`,
    ],
    ['0101', 'SHAPE', '1 / number of outputs; the pointer steps by one'],
    ['1000', 'OPEN', `[4:0] model, [6:5] pattern, [${D + 6}:7] slot`],
    ['1001', 'DEADLINE', 'absolute clock value'],
    ['1010', 'SCORE', 'initial score; the slot enters the queue'],
  ]
  const slot: [string, number, string][] = [
    ['score', W, 'last score'],
    ['deadline', W, 'clock value'],
    ['last', W, 'clock of the last execution'],
    ['gamma', W, 'linear rate of the last layer'],
    ['row', Math.log2(options.rows), 'table row of the next layer'],
    ['queue', D, 'slot number at this queue index'],
  ]
  return {
    title: `${options.slots}-slot scheduler of the published architecture, repaired: FP${W}, ${options.compute} compute unit`,
    ports: [
      { name: 'clk', direction: 'in', bits: 1, meaning: 'clock' },
      { name: 'rst', direction: 'in', bits: 1, meaning: 'synchronous reset, active high' },
      { name: 'in_dat', direction: 'in', bits: beat, meaning: 'accelerator output stream' },
      { name: 'in_vld', direction: 'in', bits: 1, meaning: 'a beat of the stream' },
      { name: 'out_dat', direction: 'out', bits: beat, meaning: 'in_dat one clock later' },
      {
        name: 'compute_done_npu',
        direction: 'in',
        bits: 1,
        meaning: 'pulse: the running layer is finished',
      },
      {
        name: 'last_layer_done_npu',
        direction: 'in',
        bits: 1,
        meaning: 'with compute_done_npu: it was the last layer',
      },
      {
        name: 'sel_task',
        direction: 'out',
        bits: D,
        meaning: 'slot chosen; stable while start is high',
      },
      {
        name: 'start_comp_npu',
        direction: 'out',
        bits: 1,
        meaning: 'high while the accelerator runs',
      },
      { name: 'scheduler_rdy', direction: 'out', bits: 1, meaning: 'requests are accepted' },
      { name: 'request_control', direction: 'in', bits: 4, meaning: 'command; 0 = none' },
      { name: 'request_data', direction: 'in', bits: 32, meaning: 'payload' },
      { name: 'occupancy', direction: 'out', bits: D + 1, meaning: 'requests in the queue' },
      { name: 'clock', direction: 'out', bits: 32, meaning: 'free-running clock counter' },
    ],
    registers: registers.map(([address, name, meaning]) => ({
      address,
      access: 'write',
      name,
      meaning,
    })),
    fields: slot.map(([name, bits, meaning]) => ({
      memory: 'slot',
      bits: `${bits}`,
      name,
      meaning,
    })),
    decisionClocks: { visible: { slope: 2, offset: FLOAT_DECISION_CLOCKS } },
    recordBits: slot.reduce((sum, [, bits]) => sum + bits, 0),
    notes: [
      `The first decision after an empty queue takes n + ${FLOAT_FIRST_CLOCKS} clocks and uses the host’s initial scores.`,
      'Round to nearest even; subnormal operands and results are zero; overflow is infinity.',
      'Ties go to the lowest queue index. A finished request’s queue entry is overwritten by the last one.',
      ...(W === 16
        ? [
            '16-bit clock values wrap after 65 536 clocks, and binary16 ends at 65 504: scale times, counts and reciprocals.',
          ]
        : []),
    ],
  }
}
