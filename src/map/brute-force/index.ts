export { bruteForce } from './brute-force.js'
