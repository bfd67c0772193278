import { expect, it } from 'vitest'
import { presetInputs } from '../../src/cli/reproduction-inputs.js'
import { quietRun } from '../../src/model/index.js'
import { reproductions } from '../../src/reproduce/index.js'

interface Job {
  readonly kind: string
  readonly platform: string
  readonly seed?: number
}

it('the paired test finds no operating point at which Dysta has fewer violations', async () => {
  const dysta = await reproductions['dysta'].load()
  const planned = dysta.plan(['paired'], presetInputs)
  const seeds = new Set((planned as readonly Job[]).map(({ seed }) => seed))
  expect(seeds.size - 1).toBe(30) // the job that brings the traces has none
  // Two repetitions of each platform stand for thirty.
  const jobs = planned.filter((_, i) => {
    const { kind, seed } = (planned as readonly Job[])[i]
    return kind === 'traces' || (seed ?? 0) <= Math.min(...withoutTraces(planned)) + 1
  })
  const results = jobs.map((job) => dysta.work(job, quietRun))
  const { tables, findings } = dysta.assemble(['paired'], jobs, results)
  expect(tables.map(({ name }) => name)).toEqual(['paired-attention', 'paired-cnn'])
  expect(tables.map(({ rows }) => rows.length)).toEqual([14, 15])
  for (const { columns, rows } of tables) {
    const column = (name: string): number => columns.indexOf(name)
    for (const row of rows) {
      const ours = Number(row[column('violations (%)')])
      const theirs = Number(row[column('Dysta violations (%)')])
      const point = `${row[0]}/s, SLO × ${row[1]}`
      expect(ours, point).toBeLessThanOrEqual(theirs)
      expect(Number(row[column('difference (points)')]), point).toBeCloseTo(ours - theirs, 9)
      expect(String(row[column('lower ANTT')]), point).toMatch(/^[012] of 2$/)
    }
  }
  expect(findings.join('\n')).toMatch(/of 14 operating points[^]*of 15 operating points/)
  expect(findings.join('\n')).toContain('more at 0;')
}, 120_000)

function withoutTraces(jobs: readonly unknown[]): number[] {
  return (jobs as readonly Job[]).flatMap(({ seed }) => (seed === undefined ? [] : [seed]))
}
