export type { HardwareOptions, HardwarePolicy, NumberFormat } from './hardware-options.js'
export {
  defaultHardwareOptions,
  hardwareOptions,
  hardwarePolicies,
  isFloat,
  numberFormats,
} from './hardware-options.js'
export * from './integer/index.js'
