/** The scheduling-table model: ten rows of loop factors, three memory levels (specification of `map`). */
export * as schedulingTable from './scheduling-table/index.js'
/** The hierarchical model: any array, any memory hierarchy, uneven mappings, port stalls (specification of `fuse`). */
export * as hierarchical from './hierarchical/index.js'
