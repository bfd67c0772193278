import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRng, type Rng } from '../../src/base/index.js'
import { evaluateMapping, hierarchicalProblem } from '../../src/cost/hierarchical/index.js'
import { standard, tableCost, tableProblem } from '../../src/cost/scheduling-table/index.js'
import {
  column,
  columnCount,
  lowerScheduleTable,
  lowerTableAccelerator,
  row,
  tableLayer,
  tableSize,
  type Layer,
  type Stationarity,
  type TableAccelerator,
  type TableBuffer,
} from '../../src/model/index.js'

/** Loops that spare each operand, by column of the table: input, weight, output. */
const reuse = [[column.K], [column.B, column.P, column.Q], [column.C, column.R, column.S]] as const
const stationary = ['is', 'ws', 'os'] as const
const rows = [row.localBuffer, row.globalBuffer, row.dram] as const

/**
 * Both models count one transfer per iteration of the loops around a buffer, but for loops that spare the operand. They
 * differ where the table's dataflow credits other loops than those that a loop order has innermost: an order gives the
 * other operands what its innermost loops happen to spare, a table gives them nothing.
 */
test('a lowered table moves as many tiles as the table, wherever both spare the same loops', () => {
  let compared = 0
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
      compared += compare(createRng(seed))
    }),
    { numRuns: 400 },
  )
  expect(compared).toBeGreaterThan(400)
})

function compare(rng: Rng): number {
  const accelerator = randomAccelerator(rng)
  const table = new Int32Array(tableSize).fill(1)
  for (let r = 1; r < 10; r++) {
    for (let n = rng.below(3); n > 0; n--) table[r * columnCount + rng.below(8)] *= 1 + rng.below(3)
  }
  const total = (c: number) => {
    let product = 1
    for (let r = 0; r < 10; r++) product *= table[r * columnCount + c]
    return product
  }
  const layer: Layer = {
    name: 'random',
    operator: 'conv',
    dims: {
      K: total(column.K),
      B: total(column.B),
      OY: total(column.P),
      OX: total(column.Q),
      C: total(column.C),
      FY: total(column.R),
      FX: total(column.S),
      G: total(column.G),
    },
    stride: { y: 1, x: 1 },
    dilation: { y: 1, x: 1 },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: { input: 8, weight: 8, output: 8, partialOutput: 8 },
    inputs: [],
  }
  const dataflow = {
    LOCAL_BUFFER: accelerator.localBuffer.dataflow,
    GLOBAL_BUFFER: accelerator.globalBuffer?.dataflow ?? 'none',
  } as const
  const counts = tableCost(
    tableProblem(accelerator, tableLayer(layer)!, dataflow, standard),
    table,
  ).access
  const lowered = lowerTableAccelerator(accelerator)
  const mapping = lowerScheduleTable(table, dataflow, lowered)
  const cost = evaluateMapping(hierarchicalProblem(layer, lowered, mapping.spatial), mapping)
  const levels = [counts.local, counts.global, counts.dram]
  const credits = ['none', dataflow.LOCAL_BUFFER, dataflow.GLOBAL_BUFFER] as const
  let compared = 0
  for (let m = 1; m < 3; m++) {
    for (const [x, name] of (['input', 'weight', 'output'] as const).entries()) {
      if (!sparesTheSame(table, m, x, credits[m])) continue
      const operand = cost.operands.find((each) => each.name === name)
      const [toLow, fromLow] = operand!.levels[m].traffic
      const expected = x === 2 ? [levels[m][2], levels[m][3]] : [levels[m][x]]
      const got = x === 2 ? [toLow.count, fromLow.count] : [toLow.count]
      expect(got.map(Math.round), `${name} out of level ${m}`).toEqual(expected)
      compared++
    }
  }
  return compared
}

/** Whether the loops that the order has innermost in a level spare operand x exactly as the dataflow's credit does. */
function sparesTheSame(table: Int32Array, m: number, x: number, credit: Stationarity): boolean {
  const at = (r: number, columns: readonly number[]) =>
    columns.reduce((product, c) => product * table[r * columnCount + c], 1)
  const all = [0, 1, 2, 3, 4, 5, 6, 7]
  // Levels around this one whose loops all spare the operand are passed through by both models, each in its own way.
  const outer = rows.slice(m)
  if (outer.some((r) => at(r, all) === at(r, reuse[x]))) return false
  if (credit === stationary[x]) return true
  const held = stationary.indexOf(credit as (typeof stationary)[number])
  const first =
    held < 0
      ? all
      : [...reuse[held], ...all.filter((c) => !(reuse[held] as readonly number[]).includes(c))]
  const innermost = first.find((c) => table[rows[m] * columnCount + c] > 1)
  return innermost !== undefined && !(reuse[x] as readonly number[]).includes(innermost)
}

function randomAccelerator(rng: Rng): TableAccelerator {
  const flow = () => (['none', 'is', 'ws', 'os'] as const)[rng.below(4)]
  const buffer = (sizeBytes?: TableBuffer['sizeBytes']): TableBuffer => ({
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    dataflow: flow(),
    bypass: [],
    accessEnergyPj: [1],
    staticPowerMw: [0],
    cyclesPerTransfer: [1],
    bandwidthBits: 8,
  })
  return {
    kind: 'table-accelerator',
    name: 'random',
    precisionBits: 8,
    clockMhz: 200,
    macEnergyPj: 1,
    macStaticPowerMw: 0,
    macArray: { x: 64, y: 64 },
    localBuffer: buffer(rng.below(2) === 0 ? [1e6] : [1e6, 1e6, 1e6]),
    peArray: { x: 64, y: 64 },
    globalBuffer: buffer([1e9]),
    chips: { x: 64, y: 64 },
    dram: buffer(),
  }
}
