export type { EyerissEvaluation } from './eyeriss-dysta.js'
export type { EyerissMapping, EyerissShape } from './eyeriss-mapping.js'
export { evaluateEyeriss, eyerissDysta, sameLayer } from './eyeriss-dysta.js'
export { sangerDysta, sangerLatencyS, sangerSimpleLatencyS } from './sanger-dysta.js'
