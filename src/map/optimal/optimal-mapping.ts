import { InfeasibleError } from '../../base/index.js'
import { dataflowChoices } from '../../model/index.js'
import { evaluateTable, metricOf, tableProblem, type TableProblem } from '../../cost/scheduling-table/index.js'
import type { TableSearch } from '../table-search.js'
import { minimiseLinear } from './minimise-linear.js'
import { tileLattice } from './tile-lattice.js'
import { unfoldMapping } from './unfold-mapping.js'

export const searchOptimal: TableSearch = (accelerator, layer, options, run) => {
  const choices = dataflowChoices(accelerator, options.dataflow)
  const problems: TableProblem[] = choices.map((dataflow) =>
    tableProblem(accelerator, layer, dataflow, options.conventions),
  )
  const lattice = tileLattice(layer)
  const rate = Object.values(problems[0].staticPjPerCycle).reduce((a, b) => a + b, 0)
  const weights = options.metric === 'energy' ? { energy: 1, cycles: rate } : { energy: 0, cycles: 1 }
  const found = minimiseLinear(problems, lattice, weights, run)
  if (found.mapping === undefined) throw new InfeasibleError({ code: 'E-MAP-001', message: 'no mapping' })
  const problem = problems[found.choice]
  const table = unfoldMapping(lattice, found.mapping, layer.dims, {
    mac: problem.macArray,
    pe: problem.peArray,
    chips: problem.chips,
  })
  const cost = evaluateTable(problem, table)
  return {
    value: { table, dataflow: problem.dataflow, cost },
    objective: metricOf(cost, options.metric),
    lowerBound: found.lowerBound,
    status: found.proven ? 'optimal' : 'gap',
    evaluations: found.evaluations,
    pruned: found.pruned,
  }
}
