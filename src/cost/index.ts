/** The scheduling-table model: ten rows of loop factors, three memory levels (specification of `map`). */
export * as schedulingTable from './scheduling-table/index.js'
