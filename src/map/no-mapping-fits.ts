import { InfeasibleError } from '../base/index.js'
import { checkTable, type TableProblem } from '../cost/scheduling-table/index.js'
import { tableInDram } from '../model/index.js'

/**
 * Why a layer has no mapping at all. Tiles only grow when loops move inwards, so when the table with every loop in DRAM
 * does not fit, none does: what it breaks, and by how much, is the answer.
 */
export function noMappingFits(problem: TableProblem): InfeasibleError {
  const broken = checkTable(problem, tableInDram(problem.layer.dims))
  const where = `layer "${problem.layer.name}" on "${problem.accelerator.name}"`
  return new InfeasibleError(
    broken.map(({ message, where: part, found, limit }) => ({
      code: 'E-MAP-010',
      message: `no mapping of ${where} can run: even with every loop in DRAM, ${message}`,
      hint: `${part} would have to grow from ${limit} to ${found}`,
    })),
  )
}
