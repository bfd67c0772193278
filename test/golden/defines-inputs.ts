import type { Layer, Workload } from '../../src/model/index.js'
import { layerOf, unrollingOf, type GoldenLayer, type GoldenLoop } from './defines-cases.js'

/** One node of `workloads.json`. */
export interface GoldenNode extends GoldenLayer {
  readonly operand_source: Readonly<Record<string, readonly number[]>>
  readonly spatial_mapping_per_hardware?: Readonly<
    Record<string, Readonly<Record<string, GoldenLoop>> | null>
  >
}

/** The network of golden workload nodes; layers are named by their ids. */
export function workloadOf(name: string, nodes: readonly GoldenNode[]): Workload {
  const layers = nodes.filter((node) => node.equation !== 'input')
  const known = new Set(layers.map((node) => node.id))
  return {
    kind: 'workload',
    name,
    layers: layers.map((node): Layer => ({
      ...layerOf(node),
      inputs: Object.values(node.operand_source)
        .flat()
        .filter((id) => known.has(id))
        .map(String),
      unrolling: Object.fromEntries(
        Object.entries(node.spatial_mapping_per_hardware ?? {}).flatMap(([base, mapping]) =>
          // A variant for depth-first scheduling unrolls like its base architecture.
          [base, `${base}_like`, `${base}_DF`, `${base}_like_DF`].map((hardware) => [
            hardware,
            unrollingOf(mapping ?? {}),
          ]),
        ),
      ),
    })),
  }
}
