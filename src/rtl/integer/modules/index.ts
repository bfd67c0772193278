import type { HardwareOptions } from '../../hardware-options.js'
import { usesDensity } from '../record-layout.js'
import { memoryModule } from './memories.js'
import { monitorModule, timeBaseModule } from './peripherals.js'
import { schedulerModule } from './scheduler.js'
import { scoreModule } from './score.js'
import { topModule } from './top.js'

/** The integer design as SystemVerilog files, by file name, leaves first. */
export function integerModules(options: HardwareOptions): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  files.set('heddle_memory.sv', memoryModule())
  files.set('heddle_score.sv', scoreModule(options))
  files.set('heddle_scheduler.sv', schedulerModule(options))
  files.set('heddle_time_base.sv', timeBaseModule(options))
  if (usesDensity(options)) files.set('heddle_monitor.sv', monitorModule(options))
  files.set('heddle_top.sv', topModule(options))
  return files
}
