import { describe, expect, it } from 'vitest'
import { presetInputs } from '../../src/cli/reproduction-inputs.js'
import { quietRun } from '../../src/model/index.js'
import { reproductions } from '../../src/reproduce/index.js'
import { drawChart } from '../../src/report/reproduce/index.js'

describe('the reproduction of DeFiNES', () => {
  it('plans what the wanted parts need, and no more', async () => {
    const defines = await reproductions['defines'].load()
    const count = (...parts: string[]): number => defines.plan(parts, presetInputs).length
    expect(count('fig6')).toBe(12)
    expect(count('fig6', 'fig12', 'fig15')).toBe(12)
    expect(count('fig9')).toBe(2)
    expect(count('case2')).toBe(10)
    expect(count('case2', 'case3')).toBe(100)
  })

  it('draws Figs. 9 and 10 from one design point', async () => {
    const defines = await reproductions['defines'].load()
    const parts = ['fig9', 'fig10']
    // The published model only: the standard one needs more time.
    const jobs = defines
      .plan(parts, presetInputs)
      .map((job) => ({ ...(job as object), semantics: 'published' }))
    const results = jobs.map((job) => defines.work(job, quietRun))
    const { figures } = defines.assemble(parts, jobs.slice(0, 1), results.slice(0, 1))
    expect(figures.map((figure) => figure.name)).toEqual([
      'fig9-top-memories-published',
      'fig10-working-sets',
    ])
    const [levels] = figures
    expect(levels.table.rows).toHaveLength(3 * 8 * 3)
    expect(
      levels.table.rows.filter((row) => row[0] === 'type 1' && row[2] === 'W').map((row) => row[3]),
    ).toEqual(Array.from({ length: 8 }, () => 'dram'))
    for (const figure of figures)
      expect(drawChart(figure.table, figure.chart, figure.title)).toContain('</svg>')
  })
})
