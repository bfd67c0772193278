import { describe, expect, it } from 'vitest'
import { tableFromRows, tableLayerOf, type TableAccelerator } from '../../model/index.js'
import { checkTable, evaluateTable, published, standard, tableProblem } from './index.js'

const accelerator: TableAccelerator = {
  kind: 'table-accelerator',
  name: 'small',
  precisionBits: 16,
  clockMhz: 200,
  macEnergyPj: 2,
  macStaticPowerMw: 0.01,
  localBuffer: {
    sizeBytes: [256],
    dataflow: 'ws',
    bypass: [],
    accessEnergyPj: [0.5],
    staticPowerMw: [0.001, 0.001, 0.001],
    cyclesPerTransfer: [1],
    bandwidthBits: 16,
  },
  peArray: { x: 4, y: 1 },
  dram: {
    dataflow: 'none',
    bypass: [],
    accessEnergyPj: [100],
    staticPowerMw: [0],
    cyclesPerTransfer: [8],
    bandwidthBits: 64,
  },
}
const layer = tableLayerOf('l', [8, 1, 4, 4, 2, 3, 3, 1], 1)
const table = tableFromRows({
  LOCAL_BUFFER: [2, 1, 1, 1, 1, 3, 3, 1],
  'PE_ARRAY(X)': [4, 1, 1, 1, 1, 1, 1, 1],
  DRAM: [1, 1, 4, 4, 2, 1, 1, 1],
})

describe('evaluateTable', () => {
  it('counts by hand what a small table moves', () => {
    const cost = evaluateTable(
      tableProblem(accelerator, layer, { LOCAL_BUFFER: 'ws' }, standard),
      table,
    )
    expect(cost.tileAlloc.local).toEqual([9, 18, 2])
    expect(cost.tileSend.dram).toEqual([9, 72, 8])
    // P and Q (16 iterations) spare the stationary weights; each output is read back once, for the second half of C.
    expect(cost.access.dram).toEqual([32, 2, 16, 32])
    expect(cost.dynamicEnergyPj.dram).toBe(100 * (9 * 32 + 72 * 2 + 8 * 48))
    expect(cost.latencyCycles.mac).toBe(2304 / 4)
    // Lines of four elements, each transfer rounded up: 3 for the input, 18 weights, 2 outputs; 8 cycles each.
    expect(cost.latencyCycles.dram).toBe(8 * (32 * 3 + 2 * 18 + 48 * 2))
  })

  it('reads one-value lists and shared static power as the conventions say', () => {
    const right = tableProblem(accelerator, layer, { LOCAL_BUFFER: 'ws' }, standard)
    const quirks = tableProblem(accelerator, layer, { LOCAL_BUFFER: 'ws' }, published)
    expect(right.local.accessEnergyPj).toEqual([0.5, 0.5, 0.5])
    expect(quirks.local.accessEnergyPj).toEqual([0.5, 0, 0])
    expect(quirks.local.staticPowerMw).toBeCloseTo(3 * right.local.staticPowerMw, 9)
  })

  it('names every broken constraint', () => {
    const problem = tableProblem(accelerator, layer, { LOCAL_BUFFER: 'ws' }, standard)
    expect(checkTable(problem, table)).toEqual([])
    const broken = tableFromRows({
      LOCAL_BUFFER: [1, 1, 4, 4, 2, 3, 3, 1],
      'PE_ARRAY(X)': [8, 1, 1, 1, 1, 1, 1, 1],
      GLOBAL_BUFFER: [2, 1, 1, 1, 1, 1, 1, 1],
    })
    expect(checkTable(problem, broken).map((v) => v.message)).toEqual([
      'the factors of K multiply to 16, the layer has 8',
      'PE_ARRAY(X) needs 8 units side by side, there are 4',
      'GLOBAL_BUFFER holds a loop of 2, but the accelerator has no such level',
    ])
  })
})
