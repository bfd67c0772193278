import type { CoreKind, CostSource, OpGraph, Soc } from '../../src/model/index.js'

/** A network of the folder: execution times per operation, and who waits for whom. */
export interface PrismModel {
  readonly name: string
  readonly ops: readonly {
    readonly id: number
    readonly name: string
    readonly type: string
    readonly cpu_us: number
    readonly npu_us: number
  }[]
  /** [producer, consumer, tokens]. */
  readonly edges: readonly (readonly [number, number, number])[]
  readonly architectures?: Readonly<Record<string, readonly string[]>>
}

const grai =
  'InputLayer Conv2D MaxPooling2D Flatten Dense BatchNormalization ZeroPadding2D Dropout Activation ' +
  'AveragePooling2D Concatenate GlobalAveragePooling2D ReLU DepthwiseConv2D Add'

export function goldenGraph(model: PrismModel): OpGraph {
  return {
    kind: 'op-graph',
    name: model.name,
    operations: model.ops.map(({ name, type }) => ({ name, type })),
    edges: model.edges.map(([from, to, volume]) => ({ from, to, volume })),
  }
}

/** @param arch `grai` (default), or one of the published chips whose NPU supports nothing */
export function goldenSoc(arch: string | undefined, npus: number, cpus: number): Soc {
  const supports = arch === undefined || arch === 'grai' ? grai.split(' ') : []
  return {
    kind: 'soc',
    name: 'golden',
    cores: [
      { name: 'npu', count: npus, supports },
      { name: 'cpu', count: cpus },
    ],
  }
}

export function goldenCosts(model: PrismModel): CostSource {
  const byName = new Map(model.ops.map((op) => [op.name, op]))
  return {
    cost(operation, core: CoreKind) {
      const op = byName.get(operation.name)
      if (op === undefined) return undefined
      return { latencyUs: core.name === 'npu' ? op.npu_us : op.cpu_us }
    },
  }
}
