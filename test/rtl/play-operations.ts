import { tableWords, type HardwareOptions, type Operation } from '../../src/rtl/index.js'
import type { NetlistEvaluator } from './netlist-evaluator.js'

/** What a played run looked like; `problem` is the first difference from the model. */
export interface Played {
  readonly clocks: number
  readonly starts: number
  readonly problem: string | undefined
}

/** Plays operations one by one. */
export interface OperationPlayer {
  /** @returns the first difference from what the operation expects */
  step(operation: Operation): string | undefined
  played(): { readonly clocks: number; readonly starts: number }
}

/** Drives a run of operations into the scheduler core's netlist and compares what comes out. */
export function playOperations(
  core: NetlistEvaluator,
  options: HardwareOptions,
  operations: readonly Operation[],
): Played {
  const player = createPlayer(core, options)
  for (const [index, operation] of operations.entries()) {
    const problem = player.step(operation)
    if (problem)
      return { ...player.played(), problem: `operation ${index} (${operation.kind}): ${problem}` }
  }
  return { ...player.played(), problem: undefined }
}

/** Resets the core and makes it ready to play. */
export function createPlayer(core: NetlistEvaluator, options: HardwareOptions): OperationPlayer {
  const tagBits = Math.log2(options.slots)
  const accelerators = Array.from({ length: options.accelerators }, (_, a) => a)
  const seen = accelerators.map(
    () => undefined as { tag: number; score: number; at: number } | undefined,
  )
  const finishedAt = accelerators.map(() => 0)
  let counts = 0n
  let clocks = 0
  let starts = 0
  let previous = 0
  const bit = (port: string, a: number): number => Math.floor(core.get(port) / 2 ** a) % 2
  const clock = (): void => {
    core.clock()
    clocks++
    const now = core.get('start')
    for (const a of accelerators)
      if (Math.floor(now / 2 ** a) % 2 === 1 && Math.floor(previous / 2 ** a) % 2 === 0) {
        const tag = Math.floor(core.get('selected_tag') / 2 ** (a * tagBits)) % options.slots
        seen[a] = { tag, score: core.get('selected_score'), at: clocks }
      }
    previous = now
  }
  const until = (what: string, test: () => boolean): string | undefined => {
    for (let i = 0; i < 4 * options.slots + 100; i++) {
      core.settle()
      if (test()) return undefined
      clock()
    }
    return `${what} never happened (clock ${clocks})`
  }
  const drive = (values: Readonly<Record<string, number>>): void => {
    for (const [port, value] of Object.entries(values)) core.set(port, value)
  }
  const setCount = (a: number, nonzeros: number): void => {
    const low = BigInt(24 * a)
    counts = (counts & ~(0xffffffn << low)) | (BigInt(nonzeros) << low)
    if (options.policy !== 'edf' && options.policy !== 'fcfs') core.set('nonzeros', counts)
  }
  const finish = (f: { accelerator: number; nonzeros: number; exit: boolean }): void => {
    setCount(f.accelerator, f.nonzeros)
    drive({ done: 2 ** f.accelerator, done_exit: f.exit ? 2 ** f.accelerator : 0 })
    finishedAt[f.accelerator] = clocks
  }
  const step = (operation: Operation): string | undefined => {
    switch (operation.kind) {
      case 'row': {
        const words = tableWords(operation.row)
        for (const which of [0, 1]) {
          drive({ table_we: 1 << which, table_row: operation.address, table_data: words[which] })
          core.settle()
          clock()
        }
        core.set('table_we', 0)
        return undefined
      }
      case 'submit': {
        drive({ request_valid: 0, request_cancel: 0 })
        const stuck = until('request port ready', () => core.get('request_ready') === 1)
        if (stuck) return stuck
        drive({
          request_valid: 1,
          request_tag: operation.tag,
          request_row: operation.row,
          request_deadline: operation.deadline,
        })
        if (operation.finishing) finish(operation.finishing)
        core.settle()
        clock()
        drive({ request_valid: 0, done: 0, done_exit: 0 })
        return undefined
      }
      case 'cancel': {
        drive({ request_valid: 1, request_cancel: 1, request_tag: operation.tag })
        const stuck = until('cancellation', () => core.get('request_ready') === 1)
        if (stuck) return stuck
        const found = core.get('cancel_found') === 1
        clock()
        drive({ request_valid: 0, request_cancel: 0 })
        return found === operation.found
          ? undefined
          : `cancel ${operation.tag}: found ${found}, expected ${operation.found}`
      }
      case 'now':
        core.set('now', operation.now)
        return undefined
      case 'settle': {
        const stuck = until('settled', () => core.get('settled') === 1)
        if (stuck) return stuck
        const occupancy = core.get('occupancy')
        const misses = core.get('misses')
        return occupancy === operation.occupancy && misses === operation.misses
          ? undefined
          : `occupancy ${occupancy}, misses ${misses}; expected ${operation.occupancy}, ${operation.misses}`
      }
      case 'finish':
        finish(operation)
        core.settle()
        clock()
        drive({ done: 0, done_exit: 0 })
        return undefined
      case 'start': {
        const a = operation.accelerator
        const stuck = until(`start of accelerator ${a}`, () => seen[a] !== undefined)
        if (stuck) return stuck
        const { tag, score, at } = seen[a] ?? { tag: -1, score: -1, at: 0 }
        seen[a] = undefined
        starts++
        if (tag !== operation.tag || score !== operation.score)
          return `started ${tag} with score ${score}; expected ${operation.tag} with ${operation.score}`
        const took = at - finishedAt[a]
        return operation.withinClocks > 0 && took > operation.withinClocks
          ? `decision took ${took} clocks, at most ${operation.withinClocks} allowed`
          : undefined
      }
      case 'full': {
        drive({ request_valid: 1, request_cancel: 0 })
        core.settle()
        const ready = core.get('request_ready')
        drive({ request_valid: 0 })
        return ready === 0 ? undefined : 'request port ready although every slot is taken'
      }
      case 'reset':
        drive({ rst: 1 })
        core.settle()
        clock()
        drive({ rst: 0 })
        core.settle()
        previous = 0
        seen.fill(undefined)
        return bit('start', 0) === 0 && core.get('occupancy') === 0
          ? undefined
          : 'reset left something'
    }
  }
  drive({ rst: 1 })
  core.settle()
  clock()
  drive({ rst: 0 })
  return { step, played: () => ({ clocks, starts }) }
}
