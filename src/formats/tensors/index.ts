export { readNpy, writeNpy, type NpyArray } from './npy.js'
export { readNpz } from './npz.js'
