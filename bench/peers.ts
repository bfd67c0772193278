import { formatPercent } from '../src/base/index.js'
import {
  hierarchicalProblem,
  MappingKernel,
  timeloopConventions,
} from '../src/cost/hierarchical/index.js'
import { mapHierarchicalLayer } from '../src/map/hierarchical/index.js'
import { quietRun } from '../src/model/index.js'
import {
  exactSearch,
  rowStationaryMappings,
  rowStationaryUnrollings,
} from '../test/peers/row-stationary-space.js'
import {
  acceleratorOf,
  layerOf,
  timeloopCases,
  type TimeloopCase,
} from '../test/peers/timeloop-cases.js'
import type { BenchRow, Suite } from './bench-row.js'

/**
 * Other mappers on their own machines and under their own conventions, processor time of one thread. For Timeloop: its
 * constrained space walked through mapping by mapping, then the exact search over a space that contains it.
 */
export const suite: Suite = async () =>
  timeloopCases().flatMap((each) => [...(each.exhaustive ? [walked(each)] : []), searched(each)])

function walked(golden: TimeloopCase): BenchRow {
  let best = Infinity
  let valid = 0
  const seconds = processorSeconds(() => {
    for (const spatial of rowStationaryUnrollings(golden)) {
      const problem = hierarchicalProblem(
        layerOf(golden),
        acceleratorOf(golden),
        spatial,
        timeloopConventions,
      )
      const kernel = new MappingKernel(problem)
      for (const mapping of rowStationaryMappings(golden, spatial)) {
        kernel.load(mapping)
        kernel.evaluate()
        if (kernel.fits[0] === 0) continue
        valid++
        const weight = golden.objective === 'edp' ? kernel.totalCycles[0] : 1
        best = Math.min(best, kernel.energyPj[0] * weight)
      }
    }
  })
  return {
    name: `${golden.id}, same space`,
    measured: seconds,
    ...published(golden),
    note: `${valid} valid mappings (${golden.valid}), ${against(golden, best)}`,
  }
}

function searched(golden: TimeloopCase): BenchRow {
  let note = ''
  const measured = processorSeconds(() => {
    const { objective, status } = mapHierarchicalLayer(
      layerOf(golden),
      acceleratorOf(golden),
      exactSearch(golden),
      quietRun,
    )
    note = `${status}, ${against(golden, objective)}`
  })
  return { name: `${golden.id}, exact`, measured, ...published(golden), note }
}

function published({ cpuSeconds }: TimeloopCase): Pick<BenchRow, 'published'> {
  return cpuSeconds === null ? {} : { published: `${cpuSeconds.toFixed(1)} s` }
}

function against({ objective, energyPj, cycles }: TimeloopCase, found: number): string {
  const theirs = objective === 'edp' ? energyPj * cycles : energyPj
  const change = found / theirs - 1
  if (Math.abs(change) < 2e-6) return `its ${objective}`
  return `${formatPercent(change)} ${objective} against it`
}

function processorSeconds(run: () => void): string {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return `${((user + system) / 1e6).toFixed(2)} s`
}
