import { expect, it } from 'vitest'
import { presetInputs } from '../../src/cli/reproduction-inputs.js'
import { quietRun } from '../../src/model/index.js'
import { reproductions } from '../../src/reproduce/index.js'
import { drawChart } from '../../src/report/reproduce/index.js'

it('draws the motivation figures of Sparse-DySta from the shipped profiles', async () => {
  const profiling = await reproductions['dysta-profiling'].load()
  const parts = Object.keys(profiling.parts)
  expect(parts.sort()).toEqual(['fig2', 'fig3', 'fig4', 'fig4-formula', 'fig9', 'table2'])
  const jobs = profiling.plan(parts, presetInputs)
  const results = jobs.map((job) => profiling.work(job, quietRun))
  const { figures, tables, findings } = profiling.assemble(parts, jobs, results)
  expect(figures).toHaveLength(5)
  expect(tables).toHaveLength(1)
  expect(findings).toHaveLength(6)
  for (const figure of figures) {
    expect(figure.table.rows.length, figure.name).toBeGreaterThan(10)
    expect(drawChart(figure.table, figure.chart, figure.title)).toContain('</svg>')
  }
  const cells = tables[0].rows.flat()
  for (const network of ['micro-cnn', 'resnet50', 'vgg16', 'mobilenet']) {
    expect(cells.some((cell) => String(cell).startsWith(network))).toBe(true)
  }
  // Fig. 4 by the formula: shares of samples in bins, three series per network, each a whole.
  const formula = figures.find(({ name }) => name === 'fig4-formula')?.table.rows ?? []
  const networks = new Set(formula.map(([network]) => network))
  expect(networks.size).toBe(2)
  for (const network of networks) {
    for (const pattern of ['random', 'channel', 'channel, as published']) {
      const shares = formula.filter((row) => row[0] === network && row[1] === pattern)
      expect(shares).toHaveLength(24)
      expect(shares.reduce((sum, row) => sum + Number(row[3]), 0)).toBeCloseTo(1, 9)
    }
  }
  // The generator is calibrated to the published relative range of ResNet-50.
  const range = /relative range (\d+(?:\.\d+)?) % for resnet50/.exec(findings.join('\n'))
  expect(Number(range?.[1])).toBeGreaterThan(10)
  expect(Number(range?.[1])).toBeLessThan(20)
})
