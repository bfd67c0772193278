import { InputError, type Diagnostic } from '../base/index.js'

/** Number format of the scheduler's arithmetic. `int*`: the integer design; `fp*`: the published architecture, repaired. */
export type NumberFormat = 'int16' | 'int20' | 'fp16' | 'fp32'

/** The rule of choice that is built into the score pipeline. */
export type HardwarePolicy = 'dysta' | 'fs' | 'edf' | 'sjf' | 'fcfs'

/** What is generated: everything that `heddle rtl` lets a user choose. */
export interface HardwareOptions {
  /** Requests that can wait or run at the same time; a power of two, 4 … 1024. */
  readonly slots: number
  /** Rows of the (model, pattern, layer) table; a power of two, 64 … 4096. */
  readonly rows: number
  readonly format: NumberFormat
  readonly policy: HardwarePolicy
  /** Weight β of slack and waiting in the Dysta score, 0 … 1. */
  readonly beta: number
  /** Accelerators that draw from the one queue, 1 … 8. */
  readonly accelerators: number
  /** Floating-point formats only: one compute unit for both modes, or one for each. */
  readonly compute: 'shared' | 'separate'
  /** One tick of the time base is 2^tickShift clocks, 0 … 24. */
  readonly tickShift: number
  /** Output lanes of the accelerator that the monitor taps, and their width in bits. */
  readonly lanes: number
  readonly laneBits: number
}

export const numberFormats: readonly NumberFormat[] = ['int16', 'int20', 'fp16', 'fp32']
export const hardwarePolicies: readonly HardwarePolicy[] = ['dysta', 'fs', 'edf', 'sjf', 'fcfs']

/** 64 slots of the integer design: what `heddle rtl` makes when nothing is said. */
export const defaultHardwareOptions: HardwareOptions = Object.freeze({
  slots: 64,
  rows: 1024,
  format: 'int16',
  policy: 'dysta',
  beta: 0.01,
  accelerators: 1,
  compute: 'shared',
  tickShift: 12,
  lanes: 3,
  laneBits: 16,
})

/** Completes and checks options. @throws InputError naming every option that is out of range */
export function hardwareOptions(given: Partial<HardwareOptions> = {}): HardwareOptions {
  const options = { ...defaultHardwareOptions, ...given }
  const problems: Diagnostic[] = []
  const check = (holds: boolean, option: string, found: unknown, expected: string): void => {
    if (!holds)
      problems.push({
        code: 'E-RTL-001',
        message: `--${option} ${String(found)}: expected ${expected}`,
      })
  }
  check(isPowerOfTwo(options.slots, 4, 1024), 'slots', options.slots, 'a power of two, 4 … 1024')
  check(isPowerOfTwo(options.rows, 64, 4096), 'rows', options.rows, 'a power of two, 64 … 4096')
  check(options.beta >= 0 && options.beta <= 1, 'beta', options.beta, 'a number 0 … 1')
  check(isWhole(options.accelerators, 1, 8), 'accelerators', options.accelerators, '1 … 8')
  check(isWhole(options.tickShift, 0, 24), 'tick-shift', options.tickShift, '0 … 24')
  check(isWhole(options.lanes, 1, 64), 'lanes', options.lanes, '1 … 64')
  check(isWhole(options.laneBits, 1, 64), 'lane-bits', options.laneBits, '1 … 64')
  if (isFloat(options.format)) {
    check(
      options.policy === 'dysta',
      'policy',
      options.policy,
      `dysta with --format ${options.format}: the floating-point design is the published rule`,
    )
    check(
      options.accelerators === 1,
      'accelerators',
      options.accelerators,
      `1 with --format ${options.format}`,
    )
    check(
      options.slots <= 512,
      'slots',
      options.slots,
      `at most 512 with --format ${options.format}: the request word holds nine slot bits`,
    )
  }
  if (problems.length > 0) throw new InputError(problems)
  return Object.freeze(options)
}

/** Whether the format belongs to the floating-point design. */
export function isFloat(format: NumberFormat): format is 'fp16' | 'fp32' {
  return format === 'fp16' || format === 'fp32'
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}

function isPowerOfTwo(value: number, min: number, max: number): boolean {
  return isWhole(value, min, max) && (value & (value - 1)) === 0
}
