export { intOf } from './attributes.js'
export { applyOperator, createInterpreter, interpretedOperators } from './interpreter.js'
export { matrixOf } from './products.js'
