import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { serveResult } from '../../src/formats/results/serve.js'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const heddle = (...args: string[]): string =>
  execFileSync(process.execPath, [main, 'serve', '--quiet', ...args], { encoding: 'utf8' })

describe('heddle serve', () => {
  const args = ['--traces', 'synthetic-attention', '--rate', '30,40', '--requests', '60']

  it('prints the same document for any number of threads, and it matches its schema', () => {
    const run = (threads: string): Record<string, unknown> => {
      const text = heddle(...args, '--seeds', '1..2', '--threads', threads, '--json')
      return { ...(JSON.parse(text) as object), requestsPerSecond: 0 }
    }
    const one = run('1')
    expect(serveResult.parse(one)).toEqual(one)
    expect(run('2')).toEqual(one)
  })

  it('writes a report', () => {
    const out = mkdtempSync(join(tmpdir(), 'heddle-'))
    heddle(...args, '--policy', 'dysta,priced_triage', '--slo-multiplier', '5,10', '--out', out)
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining(['report.html', 'summary.csv', 'tradeoff.svg', 'trace-dysta.json']),
    )
  })

  it('serves a given stream with cascades on two accelerators', () => {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-'))
    const stream = join(folder, 'stream.csv')
    writeFileSync(
      stream,
      'arrival_s,trace,sample,slo_s,parent\n0,load_balance_bert_squad_384,0,1,\n0,load_balance_gpt2_glue_128,0,1,0\n',
    )
    const text = heddle(
      '--traces',
      'synthetic-attention',
      '--stream',
      stream,
      '--accelerators',
      '2',
      '--policy',
      'fcfs',
      '--json',
    )
    const { results } = serveResult.parse(JSON.parse(text)) as {
      results: { finishS: number[] }[]
    }
    expect(results[0].finishS[1]).toBeGreaterThan(results[0].finishS[0])
  })

  it('bad options are bad usage', () => {
    for (const extra of [
      ['--policy', 'dsyta'],
      ['--rate', '-1'],
      ['--seeds', '5..1'],
      ['--arrivals', 'posson'],
      ['--stream', 'nowhere.csv'],
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [main, 'serve', ...args, ...extra])
      expect(status, `${extra.join(' ')}: ${String(stderr)}`).toBe(2)
    }
  })
})
