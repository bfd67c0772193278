import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { standard, tableCost } from '../../src/cost/scheduling-table/index.js'
import { mapResult } from '../../src/formats/results/map.js'
import { readTableAccelerator } from '../../src/formats/index.js'
import {
  searchOptimal,
  verifyMapping,
  type NetworkMapping,
  type TableSearchOptions,
} from '../../src/map/index.js'
import { quietRun, row, tableLayerOf } from '../../src/model/index.js'
import {
  explainCost,
  loopNest,
  mapDocument,
  mapFiles,
  mapText,
} from '../../src/report/map/index.js'

const preset = (name: string): string =>
  readFileSync(new URL(`../../presets/accelerators/${name}.yaml`, import.meta.url), 'utf8')
const simba = readTableAccelerator(preset('simba'), 'simba.yaml')
const layer = tableLayerOf('conv_5_2', [64, 1, 14, 14, 32, 3, 3, 1], 1)
const options: TableSearchOptions = { metric: 'energy', dataflow: 'fixed', conventions: standard }
const result = searchOptimal(simba, layer, options, quietRun)
const mapping: NetworkMapping = {
  accelerator: simba,
  network: 'one',
  metric: 'energy',
  semantics: 'standard',
  search: 'optimal',
  layers: [{ index: 1, layer, result, seconds: 0.1, bottomUpObjective: result.objective * 1.2 }],
  skipped: ['pool'],
  seconds: 0.1,
}

describe('the result of heddle map', () => {
  it('matches its schema', () => {
    expect(mapResult.safeParse(mapDocument(mapping, true)).error).toBeUndefined()
  })

  it('shows a loop nest that covers every factor of the table', () => {
    const nest = loopNest(result.value)
    const product = [...nest.matchAll(/in 0 … (\d+)/g)].reduce((p, m) => p * (Number(m[1]) + 1), 1)
    expect(product).toBe(result.value.cost.problem.macs)
    expect(nest.split('\n')[0]).toBe('DRAM')
    expect(nest).toContain('weight passes by')
  })

  it('explains every figure by values that give it', () => {
    for (const each of explainCost(result.value.cost)) {
      const expression = each.substituted
        .replaceAll('max(', 'MAX(')
        .replaceAll(/[a-zA-Z]*[a-z][a-zA-Z]*|DRAM|MAC(?= )/g, '')
        .replaceAll(/(\d) (?=\d)/g, '$1')
        .replaceAll('⌈', 'CEIL(')
        .replaceAll('⌉', ')')
        .replaceAll(/[×·]/g, '*')
      // oxlint-disable-next-line typescript/no-implied-eval -- the text is our own arithmetic
      const evaluate = new Function('CEIL', 'MAX', `return ${expression}`) as (
        ceil: (n: number) => number,
        max: (...n: number[]) => number,
      ) => number
      const value = evaluate(Math.ceil, Math.max)
      expect(value / each.value, `${each.name}: ${each.substituted}`).toBeCloseTo(1, 4)
    }
  })

  it('writes a page, a table and figures, and a text with the gap', async () => {
    const files = await mapFiles(mapping, 'heddle map')
    expect([...files.keys()]).toEqual([
      'report.html',
      'layers.csv',
      'energy.svg',
      'latency.svg',
      'bottom-up-gap.svg',
    ])
    expect(files.get('report.html')).toContain('conv_5_2')
    expect(mapText(mapping, true)).toContain('+20.0 %')
  })
})

describe('verifyMapping', () => {
  const { problem } = result.value.cost
  const faults = (change: Partial<typeof result>): string[] =>
    verifyMapping(simba, layer, options, { ...result, ...change })

  it('accepts what the search returns', () => {
    expect(faults({})).toEqual([])
  })

  it.each([
    [
      'a table that does not cover the layer',
      Int32Array.from(result.value.table, (f, i) => (i === 72 ? f * 2 : f)),
      /multiply to/,
    ],
    [
      'a table that overflows an array',
      Int32Array.from(result.value.table, (f, i) => (i === row.peX * 8 ? f * 64 : f)),
      /side by side/,
    ],
  ])('rejects %s', (_, table, message) => {
    const value = { ...result.value, table, cost: tableCost(problem, table) }
    expect(faults({ value }).join('\n')).toMatch(message)
  })

  it('rejects a cost that is not the mapping’s, and a bound above it', () => {
    expect(faults({ objective: result.objective * 0.999 }).join()).toMatch(/reported is/)
    expect(faults({ lowerBound: result.objective * 1.1 }).join()).toMatch(/lies above/)
    expect(faults({ lowerBound: result.objective * 0.9 }).join()).toMatch(/reported optimal/)
  })

  it('rejects a dataflow that was not to be considered', () => {
    const dataflow = { LOCAL_BUFFER: 'os', GLOBAL_BUFFER: 'os' } as const
    expect(faults({ value: { ...result.value, dataflow } }).join()).toMatch(/not to be considered/)
  })
})
