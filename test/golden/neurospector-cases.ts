import { readAcceleratorCfg } from '../../src/formats/cfg/index.js'
import {
  tableFromRows,
  tableLayerOf,
  type Stationarity,
  type TableAccelerator,
  type TableByRow,
  type TableDataflow,
  type TableLayer,
} from '../../src/model/index.js'
import { goldenJson } from './golden-data.js'

/** A layer of a golden record. */
export interface GoldenLayer {
  readonly layer: string
  readonly params: Readonly<Record<string, number>>
  readonly stride: number
}

/** What every record of the analyzer and search files has. */
export interface GoldenRecord extends GoldenLayer {
  readonly accelerator: string
  readonly network: string
  readonly dataflow: Readonly<Record<string, string>>
  readonly table: TableByRow
}

/** A record of a search file. */
export interface GoldenSearch extends GoldenRecord {
  readonly dataflow_mode: 'fixed' | 'flexible'
  readonly metric: 'energy' | 'cycle'
  readonly cost: number
}

interface Config {
  readonly kind: 'accelerator' | 'network'
  readonly name: string
  readonly text?: string
  readonly layers?: readonly {
    readonly name: string
    readonly KBPQCRSG_stride: readonly number[]
  }[]
}

/** Records of one file of the folder, or undefined (with a printed reason) when it is absent. */
export function records<T>(file: string): readonly T[] | undefined {
  const found = goldenJson<readonly T[]>('neurospector', file)
  if (found === undefined) console.warn(`neurospector/${file} is absent: its cases are skipped`)
  return found
}

const configs = goldenJson<readonly Config[]>('neurospector', 'configs.json') ?? []

/** Accelerators of the folder, read from their published form. */
export const accelerators: ReadonlyMap<string, TableAccelerator> = new Map(
  configs
    .filter((config) => config.kind === 'accelerator')
    .map((config) => [config.name, readAcceleratorCfg(config.text ?? '', config.name)]),
)

/** Layers of a network of the folder, per group as the figures were made. */
export function networkLayers(name: string): TableLayer[] {
  const network = configs.find((config) => config.kind === 'network' && config.name === name)
  return (network?.layers ?? []).map((layer) =>
    tableLayerOf(layer.name, layer.KBPQCRSG_stride.slice(0, 8), layer.KBPQCRSG_stride[8]),
  )
}

export function acceleratorOf(name: string): TableAccelerator {
  const found = accelerators.get(name)
  if (found === undefined) throw new Error(`no accelerator "${name}" in configs.json`)
  return found
}

export function layerOf(record: GoldenLayer): TableLayer {
  const dims = ['K', 'B', 'P', 'Q', 'C', 'R', 'S', 'G'].map((name) => record.params[name])
  return tableLayerOf(record.layer, dims, record.stride)
}

export function dataflowOf(dataflow: Readonly<Record<string, string>>): TableDataflow {
  return Object.fromEntries(
    Object.entries(dataflow).map(([level, word]) => [level, word.toLowerCase() as Stationarity]),
  )
}

export function tableOf(record: GoldenRecord): Int32Array {
  return tableFromRows(record.table)
}
