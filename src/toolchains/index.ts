export type { ToolFiles, ToolOutput } from './tool-files.js'
export { nextpnrIce40 } from './nextpnr.js'
export { MissingToolError } from './tool-files.js'
export { hasYosys, yosys } from './yosys.js'
