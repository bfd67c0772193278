export { intOf } from './attributes.js'
export { createInterpreter, interpretedOperators } from './interpreter.js'
export { matrixOf } from './products.js'
