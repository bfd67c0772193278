import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { analyzeResult } from '../../src/formats/results/analyze.js'
import { runHeddle } from '../cli/run-heddle.js'
import { goldenJson } from './golden-data.js'
import { records } from './neurospector-cases.js'

/** Small files, the published program's arguments, and what it answered. */
interface CommandLineCase {
  readonly case: string
  /** Name of an accelerator of configs.json, or the text of one. */
  readonly accelerator: string
  readonly network_text: string
  readonly table_text: string | null
  readonly args: readonly string[]
  readonly printed_totals: readonly string[]
}

/** Where Heddle answers otherwise on purpose. */
const refused = new Set([
  // The published reader writes the ninth factor into the next row, or behind the table.
  'row with 9 values, spill overwritten by next row',
  // A mapping that names the label could mean either layer.
  'duplicate layer label',
])
const accepted = new Set([
  // Heddle has defaults for these, and minimises EDP too.
  'no dataflow',
  'no metric',
  'bad metric',
])

const folder = mkdtempSync(join(tmpdir(), 'heddle-messages-'))
afterAll(() => rmSync(folder, { recursive: true }))

const options: Readonly<Record<string, string>> = {
  accelerator: '--accelerator',
  network: '--network',
  scheduling_table: '--mapping',
  optimizer: '--search',
  dataflow: '--dataflow',
  metric: '--metric',
  layer: '--layer',
}

/** The same request in Heddle's words. */
function translate(args: readonly string[]): string[] {
  const verbs: Readonly<Record<string, string>> = { analyzer: 'analyze', optimizer: 'map' }
  const pairs = args.map((arg) => arg.replace(/^--/, '').split('='))
  const [, runType] = pairs.find(([name]) => name === 'run_type') ?? []
  const rest = pairs.flatMap(([name, value]) => {
    const option = options[name]
    if (option === undefined) return []
    return [option, value.endsWith('.cfg') ? join(folder, value) : value]
  })
  return [verbs[runType] ?? runType, ...rest, '--as-published', '--json', '--quiet']
}

describe('neurospector', () => {
  const cases = records<CommandLineCase>('cli_errors.json')
  const configs = goldenJson<{ name: string; text?: string }[]>('neurospector', 'configs.json')
  it.skipIf(!cases).each(cases ?? [])('command line: $case', (record) => {
    const named = configs?.find((config) => config.name === record.accelerator)
    writeFileSync(join(folder, 'a.cfg'), named?.text ?? record.accelerator)
    writeFileSync(join(folder, 'n.cfg'), record.network_text)
    writeFileSync(join(folder, 't.cfg'), record.table_text ?? '')
    const result = runHeddle(translate(record.args))
    const answers =
      accepted.has(record.case) || (record.printed_totals.length > 0 && !refused.has(record.case))
    if (!answers) {
      expect([2, 3]).toContain(result.status)
      return
    }
    expect(result.stderr).toBe('')
    expect(result.status).toBe(0)
    if (record.printed_totals.length === 0) return
    const document = analyzeResult.parse(JSON.parse(result.stdout))
    if (Array.isArray(document)) throw new Error('expected one document')
    const printed = (label: string): number => {
      const line = record.printed_totals.find((each) => each.startsWith(`TOTAL ${label} :`)) ?? ''
      return Number(line.split(':')[1])
    }
    // The program prints six digits.
    const sixDigits = (value: number): number => Number(value.toPrecision(6))
    expect(sixDigits(document.energyPj)).toBe(printed('ENERGY'))
    expect(sixDigits(document.latencyCycles)).toBe(printed('CYCLE'))
  })
})
