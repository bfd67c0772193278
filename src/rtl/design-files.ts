import type { HardwareOptions } from './hardware-options.js'
import { isFloat } from './hardware-options.js'
import {
  floatModules,
  floatTestBenchModule,
  floatTestBenchWords,
  randomFloatRun,
} from './float/index.js'
import { integerModules, randomRun, testBenchModule, testBenchWords } from './integer/index.js'

/** A generated design: its files, by name, and what synthesis starts from. */
export interface Design {
  /** Synthesisable SystemVerilog, leaves first. */
  readonly modules: ReadonlyMap<string, string>
  /** Test bench, its stimulus, and timing constraints. */
  readonly support: ReadonlyMap<string, string>
  readonly top: string
}

/**
 * Generates the design of the options, with a test bench that plays random rounds whose outcome the bit-accurate model
 * has computed.
 * @param rounds decisions in the test bench
 */
export function generateDesign(options: HardwareOptions, seed: number, rounds: number): Design {
  const support = new Map<string, string>()
  const float = isFloat(options.format)
  const top = float ? 'heddle_scheduler' : 'heddle_top'
  if (float) {
    const run = randomFloatRun(options, rounds, seed)
    const words = floatTestBenchWords(run)
    support.set('heddle_scheduler_tb.sv', floatTestBenchModule(options, lineCount(words)))
    support.set('heddle_scheduler_tb.mem', words)
  } else {
    const run = randomRun(options, rounds, seed)
    const words = testBenchWords(run.operations)
    support.set('heddle_scheduler_tb.sv', testBenchModule(options, lineCount(words)))
    support.set('heddle_scheduler_tb.mem', words)
  }
  support.set('heddle.sdc', constraints(top))
  return { modules: float ? floatModules(options) : integerModules(options), support, top }
}

function lineCount(text: string): number {
  return text.split('\n').length - 1
}

/** Timing constraints in the dialect that every tool reads; also valid as XDC. */
function constraints(top: string): string {
  return `# Timing of ${top}: one clock, 50 MHz; reset is synchronous and comes from the same clock domain.
create_clock -name clk -period 20.000 [get_ports clk]
`
}
