export type { EyerissMachine } from './machine.js'
export { eyerissX } from './eyeriss-x.js'
export { eyerissV2 } from './machine.js'
