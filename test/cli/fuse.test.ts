import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fuseResult } from '../../src/formats/results/fuse.js'
import { runHeddle as heddle } from './run-heddle.js'

const base = ['fuse', '--accelerator', 'meta-prototype-df', '--network', 'fsrcnn', '--quiet']
const quick = [...base, '--as-published', '--lpf-limit', '4', '--tiles', '240x270']

describe('heddle fuse', () => {
  it('prints a document that matches its schema, the same on any number of threads', () => {
    const runs = ['1', '2'].map((threads) =>
      heddle([...quick, '--mode', 'fully-cached', '--json', '--threads', threads]),
    )
    const documents = runs.map((run) => {
      expect(run.status).toBe(0)
      const document = fuseResult.parse(JSON.parse(run.stdout))
      return { ...document, seconds: 0 }
    })
    expect(documents[0]).toEqual(documents[1])
    const [document] = documents
    expect(document.points).toHaveLength(1)
    expect(document.points[0]).toMatchObject({
      mode: 'fully-cached',
      tileX: 240,
      tileY: 270,
      tileTypes: 6,
    })
    expect(document.best.energyPj).toBe(document.points[0].energyPj)
    expect(document.baselines.layerByLayer!.energyPj).toBeGreaterThan(document.best.energyPj)
    const { energyPj, latencyCycles, breakdown } = document.best
    const sum = (record: Record<string, number>): number =>
      Object.values(record).reduce((total, value) => total + value, 0)
    const { mac, memories, copies } = breakdown.energyPj
    expect((mac + sum(memories) + sum(copies)) / energyPj).toBeCloseTo(1, 9)
    expect(sum(breakdown.latencyCycles)).toBe(latencyCycles)
  })

  it('stops at its time limit with a schedule, says that it did, and how much better one could be', () => {
    const run = heddle([...base, '--time-limit', '0.000001', '--json'])
    expect(run.status).toBe(0)
    const document = fuseResult.parse(JSON.parse(run.stdout))
    expect(document.complete).toBe(false)
    expect(document.status).toBe('heuristic')
    expect(document.best.energyPj).toBeLessThanOrEqual(document.baselines.layerByLayer!.energyPj)
    expect(document.proof).toMatch(/stopped early: .* nothing .* better by more than [\d.]+ %/)
    const refused = heddle([...base, '--time-limit', '0'])
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('above 0')
  })

  it('writes tables, charts, the schedule and a report', () => {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-fuse-'))
    try {
      const run = heddle([
        ...base,
        '--as-published',
        '--lpf-limit',
        '3',
        '--tiles',
        '480,960x540',
        '--mode',
        'all',
        '--out',
        folder,
      ])
      expect(run.status).toBe(0)
      for (const name of [
        'report.html',
        'energy-grid.svg',
        'points.csv',
        'schedule.txt',
        'schedule.json',
        'occupancy.svg',
      ]) {
        expect(existsSync(join(folder, name)), name).toBe(true)
      }
      expect(readFileSync(join(folder, 'points.csv'), 'utf8').trim().split('\n')).toHaveLength(7)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('names both missing inputs', () => {
    const run = heddle(['fuse'])
    expect(run.status).toBe(2)
    expect(run.stderr).toContain('--accelerator is missing')
    expect(run.stderr).toContain('--network is missing')
  })

  it('a hierarchy that is too small is infeasible, and a misspelt option names the right one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-fuse-'))
    try {
      const preset = readFileSync('presets/accelerators/meta-prototype-df.yaml', 'utf8')
      const file = join(folder, 'tiny.yaml')
      writeFileSync(file, preset.replaceAll(/sizeBits: 16$/gm, 'sizeBits: 8'))
      const tiny = ['fuse', '--accelerator', file, '--network', 'fsrcnn', '--quiet']
      const run = heddle([...tiny, '--tiles', '60x72', '--stacks', 'none', '--search', 'loma'])
      expect(run.status).toBe(3)
      expect(run.stderr).toContain('memory "rf_2B" would have to hold 16 bits and holds 8')
      const misspelt = heddle([...tiny, '--mode', 'fully-cashed'])
      expect(misspelt.status).toBe(2)
      expect(misspelt.stderr).toContain('did you mean "fully-cached"?')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
