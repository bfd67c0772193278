/** The public list of `place`: operations onto the cores of a chip. */
export type { Application, PlaceProblem, PlaceRequest } from './problem.js'
export { compileProblem } from './compile-problem.js'
export * as published from './published/index.js'
