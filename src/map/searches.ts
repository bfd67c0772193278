import { bottomUp } from './bottom-up/index.js'
import { bruteForce } from './brute-force/index.js'
import { searchOptimal } from './optimal/index.js'
import { randomSearch } from './random/index.js'
import type { TableSearch } from './table-search.js'

/** The searches of one layer's mapping by the name that `--search` accepts; the first is the default. */
export const tableSearches: Readonly<Record<string, TableSearch>> = {
  optimal: searchOptimal,
  'bottom-up': bottomUp,
  'brute-force': bruteForce,
  random: randomSearch,
}
