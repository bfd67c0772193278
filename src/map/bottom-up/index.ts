import type { TableSearch } from '../table-search.js'
import { bottomUpWith } from './bottom-up.js'
import { standardRules } from './bottom-up-rules.js'
import { publishedRules } from './published/published-rules.js'

export { bottomUpWith } from './bottom-up.js'

/** The bottom-up heuristic: as published under the published conventions, else repaired. */
export const bottomUp: TableSearch = (accelerator, layer, options, run) =>
  bottomUpWith(
    options.conventions.name === 'published' ? publishedRules : standardRules,
    accelerator,
    layer,
    options,
    run,
  )
