export { createOrtRuntime, type OrtModel } from './onnxruntime-web.js'
