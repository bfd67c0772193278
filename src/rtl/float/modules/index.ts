import type { HardwareOptions } from '../../hardware-options.js'
import { memoryModule, monitorModule } from '../../integer/index.js'
import { floatArithmetic } from '../score-unit.js'
import { addModule, convertModule, multiplyModule } from './arithmetic.js'
import { floatSchedulerModule } from './scheduler.js'
import { convertedBits, scoreUnitModule } from './score-unit.js'

/** The floating-point design as SystemVerilog files, by file name, leaves first. */
export function floatModules(options: HardwareOptions): ReadonlyMap<string, string> {
  const width = options.format === 'fp16' ? 16 : 32
  const { format } = floatArithmetic(width)
  return new Map([
    ['heddle_memory.sv', memoryModule()],
    ['heddle_monitor.sv', monitorModule(options)],
    ['heddle_fp_multiply.sv', multiplyModule(format)],
    ['heddle_fp_add.sv', addModule(format)],
    ['heddle_to_float.sv', convertModule(format, convertedBits(width))],
    ['heddle_score_unit.sv', scoreUnitModule(options)],
    ['heddle_scheduler.sv', floatSchedulerModule(options)],
  ])
}
