export { importKeras } from './import-keras.js'
export { callName, parseKeras } from './keras-model.js'
