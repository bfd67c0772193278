import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { analyzeResult } from '../../src/formats/results/analyze.js'
import { goldenJson } from '../golden/golden-data.js'
import { runHeddle } from './run-heddle.js'

const folder = mkdtempSync(join(tmpdir(), 'heddle-analyze-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const mapping = `kind: scheduling-table
layer: conv_2_2
rows:
  LOCAL_BUFFER: { K: 16, R: 3 }
  PE_ARRAY(X): [1, 1, 1, 1, 4, 1, 3, 1]
  PE_ARRAY(Y): { K: 4, C: 2 }
  GLOBAL_BUFFER: { P: 14, Q: 14 }
  DRAM: { P: 4, Q: 4, C: 8 }
`
const inputs = ['--accelerator', 'eyeriss', '--network', 'resnet50', '--mapping']

describe('heddle analyze', () => {
  test('prints one document that matches its schema', () => {
    const path = file('good.yaml', mapping)
    const result = runHeddle(['analyze', ...inputs, path, '--json', '--explain'])
    expect(result.status).toBe(0)
    const document = analyzeResult.parse(JSON.parse(result.stdout))
    expect(document).toMatchObject({ valid: true, latencyCycles: 6872064, violations: [] })
  })

  test('names the broken constraint and ends with status 3', () => {
    const path = file('wide.yaml', mapping.replace('K: 4, C: 2', 'K: 8, C: 2'))
    const plain = runHeddle(['analyze', ...inputs, path])
    expect(plain.status).toBe(3)
    expect(plain.stderr).toContain('PE_ARRAY(Y) needs 16 units side by side, there are 12')
    expect(plain.stdout).toBe('')
    const json = runHeddle(['analyze', ...inputs, path, '--json'])
    expect(json.status).toBe(3)
    expect(analyzeResult.parse(JSON.parse(json.stdout))).toMatchObject({ valid: false })
  })

  test('names an option that is missing, and a layer that the network does not have', () => {
    const path = file('odd.yaml', mapping.replace('conv_2_2', 'conv_2_9'))
    expect(
      runHeddle(['analyze', '--accelerator', 'eyeriss', '--network', 'resnet50']),
    ).toMatchObject({ status: 2, stdout: '' })
    const result = runHeddle(['analyze', ...inputs, path])
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('network "resnet50" has no layer "conv_2_9"')
  })

  test('writes a report', () => {
    const path = file('good.yaml', mapping)
    const out = join(folder, 'report')
    expect(runHeddle(['analyze', ...inputs, path, '--out', out]).status).toBe(0)
  })

  const configs = goldenJson<{ kind: string; name: string; text?: string }[]>(
    'neurospector',
    'configs.json',
  )
  const cases = goldenJson<{ accelerator: string; stats: { energy_pJ: number }; valid: boolean }[]>(
    'neurospector',
    'analyzer_random.json',
  )
  test.skipIf(!configs || !cases)('runs hundreds of published mappings in one process', () => {
    for (const config of configs ?? [])
      if (config.kind === 'accelerator') file(`${config.name}.cfg`, config.text ?? '')
    const batch = file(
      'batch.json',
      JSON.stringify(
        (cases ?? []).map((each) => ({ ...each, accelerator: `${each.accelerator}.cfg` })),
      ),
    )
    const result = runHeddle(['analyze', '--batch', batch, '--as-published', '--json'])
    expect(result.stderr).toBe('')
    expect(result.status).toBe(0)
    const documents = analyzeResult.parse(JSON.parse(result.stdout))
    if (!Array.isArray(documents)) throw new Error('expected an array')
    expect(documents.length).toBe(cases?.length)
    documents.forEach((document, i) => {
      const expected = (cases ?? [])[i]
      expect(document.valid).toBe(expected.valid)
      expect(document.energyPj).toBe(Math.fround(expected.stats.energy_pJ))
    })
  })
})
