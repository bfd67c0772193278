import { standardConventions } from '../src/cost/hierarchical/index.js'
import { readHierarchicalAccelerator, readNetwork } from '../src/formats/index.js'
import { hierarchicalSearch } from '../src/map/index.js'
import { quietRun, type Layer } from '../src/model/index.js'
import { readInput } from '../src/presets/index.js'
import type { BenchRow, Suite } from './bench-row.js'

const accelerators = ['meta-prototype-df', 'tpu-like', 'edge-tpu-like'] as const
const networks = ['fsrcnn', 'resnet18', 'mobilenetv1'] as const
const metrics = ['cycles', 'edp'] as const

/** Exact loop ordering for latency and energy-delay product: how many of a network's distinct layers end in a proof. */
export const suite: Suite = async () =>
  accelerators.flatMap((accelerator) =>
    networks.flatMap((network) => metrics.map((metric) => proofs(accelerator, network, metric))),
  )

function proofs(
  acceleratorName: string,
  networkName: string,
  metric: (typeof metrics)[number],
): BenchRow {
  const hardware = readInput(acceleratorName, 'accelerators')
  const model = readInput(networkName, 'networks')
  const accelerator = readHierarchicalAccelerator(hardware.text, hardware.file)
  const { layers } = readNetwork(model.text, model.file)
  const distinct = distinctShapes(layers)
  const started = process.cpuUsage()
  const found = distinct.map((layer) =>
    hierarchicalSearch.mapHierarchicalLayer(
      layer,
      accelerator,
      {
        search: 'optimal',
        metric,
        lpfLimit: 6,
        spatial: 'given',
        conventions: standardConventions,
      },
      quietRun,
    ),
  )
  const { user, system } = process.cpuUsage(started)
  const proven = found.filter((each) => each.status === 'optimal').length
  const gap = Math.max(...found.map(({ objective, lowerBound }) => 1 - lowerBound / objective))
  const sum = found.reduce((total, each) => total + each.objective, 0)
  return {
    name: `${acceleratorName} / ${networkName}: ${metric}`,
    measured: `${proven} of ${found.length} proven`,
    target: 'all',
    note: `largest gap ${(100 * gap).toFixed(2)} %, ${((user + system) / 1e6).toFixed(1)} s, sum ${sum.toPrecision(9)}`,
  }
}

/** One layer of every shape: the name and the place in the network change nothing. */
function distinctShapes(layers: readonly Layer[]): Layer[] {
  const shapeOf = (layer: Layer): string => JSON.stringify({ ...layer, name: '', inputs: [] })
  return [...new Map(layers.map((layer) => [shapeOf(layer), layer])).values()]
}
