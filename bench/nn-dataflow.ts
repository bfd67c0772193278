import { formatNumber } from '../src/base/index.js'
import { nnDataflowConventions } from '../src/cost/hierarchical/index.js'
import { mapHierarchicalLayer, type HierarchicalSearch } from '../src/map/hierarchical/index.js'
import { quietRun } from '../src/model/index.js'
import { textTable } from '../src/report/index.js'
import {
  accelerator,
  accessesOf,
  costByTheirRules,
  layerOf,
  networks,
  unrollingOf,
  type NnDataflowLayer,
} from '../test/peers/nn-dataflow-cases.js'
import type { BenchRow, Suite } from './bench-row.js'

const search: HierarchicalSearch = {
  search: 'optimal',
  metric: 'energy',
  lpfLimit: 6,
  spatial: 'given',
  conventions: nnDataflowConventions,
}
/** Rows of outputs do not stream through the register files: what waits there for the next channel needs room. */
const withRoom = {
  ...nnDataflowConventions,
  name: 'nn-dataflow, rows held',
  innermostRows: 'held',
  inputHalo: 'slides',
} as const

interface Compared {
  readonly peer: NnDataflowLayer
  /** Least cost over all unrollings, and under theirs: by our counts, by theirs, and with room for rows. */
  readonly best: number
  readonly proof: string
  readonly same: number
  readonly byTheirRules: number
  readonly held: number
  readonly seconds: number
}

/**
 * nn_dataflow’s exhaustive optimum, layer by layer, and ours under its conventions; additions, of whose inputs it
 * fetches one only, are left out. Processor time of one thread.
 */
export const suite: Suite = async () =>
  networks.map(({ network, layers }): BenchRow => {
    const rows = layers.filter(({ type }) => type !== 'EltwiseLayer').map(compare)
    process.stdout.write(`${network}\n${textTable(columns, rows)}\n\n`)
    const total = (cost: (row: Compared) => number) =>
      rows.reduce((sum, row) => sum + cost(row) * row.peer.count, 0)
    const theirs = total(({ peer }) => peer.cost)
    return {
      name: `${network}, ${rows.length} different layers`,
      measured: `${formatNumber(
        total((row) => row.best),
        7,
      )} in ${total(({ peer, seconds }) => seconds / peer.count).toFixed(1)} s`,
      published: formatNumber(theirs, 7),
      note: `ours ÷ theirs ${ratio(total((row) => row.best) / theirs)}, under their unrolling ${ratio(total((row) => row.same) / theirs)}, also by their rules ${ratio(total((row) => row.byTheirRules) / theirs)}; ${rows.filter((row) => row.proof === 'optimal').length} proven`,
    }
  })

function compare(peer: NnDataflowLayer): Compared {
  const layer = layerOf(peer)
  const theirs = { ...layer, unrolling: { [accelerator.name]: unrollingOf(peer) } }
  const same = mapHierarchicalLayer(theirs, accelerator, search, quietRun)
  const held = mapHierarchicalLayer(
    theirs,
    accelerator,
    { ...search, conventions: withRoom },
    quietRun,
  )
  const before = process.cpuUsage()
  const best = mapHierarchicalLayer(layer, accelerator, { ...search, spatial: 24 }, quietRun)
  const { user, system } = process.cpuUsage(before)
  const { problem, cost, mapping } = same.value
  return {
    peer,
    best: best.objective,
    proof: best.status === 'optimal' ? 'optimal' : `≥ ${ratio(best.lowerBound / best.objective)}`,
    same: same.objective,
    byTheirRules: costByTheirRules(peer, mapping.spatial, accessesOf(problem, cost)),
    held: held.objective,
    seconds: (user + system) / 1e6,
  }
}

const columns = [
  { title: 'layer', align: 'left', cell: ({ peer }: Compared) => peer.name },
  { title: 'nn_dataflow', cell: ({ peer }: Compared) => formatNumber(peer.cost, 7) },
  { title: 'ours', cell: ({ best }: Compared) => formatNumber(best, 7) },
  { title: 'ratio', cell: ({ best, peer }: Compared) => ratio(best / peer.cost) },
  { title: 'proof', align: 'left', cell: ({ proof }: Compared) => proof },
  { title: 'its unrolling', cell: ({ same, peer }: Compared) => ratio(same / peer.cost) },
  {
    title: 'by its rules',
    cell: ({ byTheirRules, peer }: Compared) => ratio(byTheirRules / peer.cost),
  },
  { title: 'rows held', cell: ({ held, peer }: Compared) => ratio(held / peer.cost) },
  { title: 'CPU s', cell: ({ seconds }: Compared) => seconds.toFixed(2) },
] as const

function ratio(value: number): string {
  return value.toFixed(4)
}
