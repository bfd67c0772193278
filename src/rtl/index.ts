export type { HardwareOptions, HardwarePolicy, NumberFormat } from './hardware-options.js'
export {
  defaultHardwareOptions,
  hardwareOptions,
  hardwarePolicies,
  isFloat,
  numberFormats,
} from './hardware-options.js'
export * from './integer/index.js'
export * from './float/index.js'
