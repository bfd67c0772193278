import fc from 'fast-check'
import {
  dataflowChoices,
  rowCount,
  tableLayerOf,
  tableSize,
  type Operand,
  type PerOperand,
  type Stationarity,
  type TableAccelerator,
  type TableBuffer,
  type TableDataflow,
  type TableLayer,
} from '../../src/model/index.js'

/** A random accelerator, layer, dataflow and table that covers the layer (but need not fit). */
export interface TableCase {
  readonly accelerator: TableAccelerator
  readonly layer: TableLayer
  readonly dataflow: TableDataflow
  readonly table: Int32Array
}

const energy = fc.integer({ min: 0, max: 400 }).map((n) => n / 8)
const perOperand: fc.Arbitrary<PerOperand> = fc.oneof(
  energy.map((e) => [e] as const),
  fc.tuple(energy, energy, energy),
)
const stationary = ['input', 'weight', 'output'] as const
const side = fc.integer({ min: 1, max: 6 })
const array = fc.record({ x: side, y: side })

function anyBuffer(sizes: fc.Arbitrary<number>): fc.Arbitrary<TableBuffer> {
  return fc
    .record({
      sizeBytes: fc.oneof(
        sizes.map((s) => [s] as const),
        fc.tuple(sizes, sizes, sizes),
      ),
      dataflow: fc.constantFrom<Stationarity>('none', 'is', 'ws', 'os'),
      bypass: fc.subarray<Operand>([...stationary]),
      accessEnergyPj: perOperand,
      staticPowerMw: perOperand,
      cyclesPerTransfer: fc.constantFrom<PerOperand>([1], [1, 1, 2], [8]),
      bandwidthBits: fc.constantFrom(8, 16, 64),
    })
    .map((buffer) => {
      const held = { none: undefined, is: 'input', ws: 'weight', os: 'output' }[buffer.dataflow]
      return { ...buffer, bypass: buffer.bypass.filter((operand) => operand !== held) }
    })
}

/** Accelerators with and without each optional part. */
export const anyAccelerator: fc.Arbitrary<TableAccelerator> = fc
  .record({
    precisionBits: fc.constantFrom(8, 16),
    clockMhz: fc.constantFrom(200, 800),
    macEnergyPj: energy,
    macStaticPowerMw: energy,
    macArray: fc.option(array, { nil: undefined }),
    localBuffer: anyBuffer(fc.integer({ min: 8, max: 400 })),
    peArray: fc.option(array, { nil: undefined }),
    globalBuffer: fc.option(anyBuffer(fc.integer({ min: 64, max: 6000 })), { nil: undefined }),
    chips: fc.option(array, { nil: undefined }),
    dram: anyBuffer(fc.constant(1e6)).map((dram) => ({
      ...dram,
      bypass: [],
      dataflow: 'none' as const,
    })),
  })
  .map(({ macArray, peArray, globalBuffer, chips, ...rest }) => ({
    kind: 'table-accelerator',
    name: 'random',
    ...rest,
    ...(macArray ? { macArray } : {}),
    ...(peArray ? { peArray } : {}),
    ...(globalBuffer ? { globalBuffer } : {}),
    ...(chips ? { chips } : {}),
  }))

const size = fc.constantFrom(1, 1, 2, 3, 4, 6, 8, 12)

/** Small layers with composite dimensions. */
export const anyLayer: fc.Arbitrary<TableLayer> = fc
  .tuple(size, size, size, size, size, size, size, size, fc.integer({ min: 1, max: 3 }))
  .map(([k, b, p, q, c, r, s, g, stride]) =>
    tableLayerOf('random', [k, b, p, q, c, r, s, g], stride),
  )

/** Everything at random; the table covers the layer and uses only rows that exist. */
export const anyCase: fc.Arbitrary<TableCase> = fc
  .tuple(anyAccelerator, anyLayer, fc.infiniteStream(fc.nat()))
  .map(([accelerator, layer, stream]) => {
    const next = (n: number): number => (stream.next().value as number) % n
    const choices = dataflowChoices(accelerator, 'flexible')
    const rows = [3, 9]
    if (accelerator.macArray) rows.push(1, 2)
    if (accelerator.peArray) rows.push(4, 5)
    if (accelerator.globalBuffer) rows.push(6)
    if (accelerator.chips) rows.push(7, 8)
    const table = new Int32Array(tableSize).fill(1)
    layer.dims.forEach((dim, c) => {
      let rest = dim
      for (let prime = 2; rest > 1; prime++) {
        while (rest % prime === 0) {
          rest /= prime
          table[rows[next(rows.length)] * (tableSize / rowCount) + c] *= prime
        }
      }
    })
    return { accelerator, layer, dataflow: choices[next(choices.length)], table }
  })
