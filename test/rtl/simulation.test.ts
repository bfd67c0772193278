import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { generateDesign, hardwareOptions, type HardwareOptions } from '../../src/rtl/index.js'

const present = (tool: string, flag: string): boolean =>
  spawnSync(tool, [flag], { stdio: 'ignore' }).status === 0
const icarus = present('iverilog', '-V') && present('vvp', '-V')
const verilator = present('verilator', '--version')
if (!icarus) console.log('skipped: Icarus Verilog is not installed')
if (!verilator) console.log('skipped: Verilator is not installed')

/** Writes a design to a folder of its own for one test. */
function withDesign(
  given: Partial<HardwareOptions>,
  decisions: number,
  use: (folder: string, files: readonly string[], top: string) => void,
): void {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-rtl-'))
  try {
    const design = generateDesign(hardwareOptions(given), 5, decisions)
    for (const [name, text] of [...design.modules, ...design.support])
      writeFileSync(join(folder, name), text)
    use(folder, [...design.modules.keys()], design.top)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const simulated: [Partial<HardwareOptions>, number][] = [
  [{ slots: 16 }, 600],
  [{ slots: 8, accelerators: 3, format: 'int20' }, 400],
  [{ slots: 16, policy: 'fs', accelerators: 2 }, 400],
  [{ slots: 8, policy: 'edf' }, 250],
  [{ slots: 8, policy: 'fcfs' }, 250],
  [{ slots: 8, policy: 'sjf' }, 250],
  [{ slots: 16, format: 'fp32' }, 250],
  [{ slots: 64, format: 'fp16', compute: 'separate' }, 250],
]

describe.skipIf(!icarus)('the generated test bench passes in Icarus Verilog', () => {
  test.each(simulated)('%o, %i decisions', (given, decisions) => {
    withDesign(given, decisions, (cwd, files) => {
      const sources = [...files, 'heddle_scheduler_tb.sv']
      execFileSync(
        'iverilog',
        ['-g2012', '-s', 'heddle_scheduler_tb', '-o', 'tb.vvp', ...sources],
        {
          cwd,
        },
      )
      const output = execFileSync('vvp', ['tb.vvp'], { cwd, encoding: 'utf8', timeout: 60_000 })
      expect(output).toMatch(/^PASS \d+ decisions/m)
    })
  })
})

const linted: Partial<HardwareOptions>[] = [
  {},
  { slots: 512, format: 'int20', accelerators: 4 },
  { slots: 4, policy: 'fs', accelerators: 3, lanes: 1 },
  { policy: 'edf' },
  { policy: 'fcfs', accelerators: 8 },
  { policy: 'sjf', tickShift: 0 },
  { beta: 0 },
  { slots: 1024, rows: 4096, beta: 1 },
  { format: 'fp32' },
  { format: 'fp16', compute: 'separate', slots: 512 },
]

describe.skipIf(!verilator)('verilator --lint-only -Wall is clean', () => {
  test.each(linted)('%o', (given) => {
    withDesign(given, 1, (cwd, files, top) => {
      const found = spawnSync(
        'verilator',
        ['--lint-only', '-Wall', '--top-module', top, ...files],
        {
          cwd,
          encoding: 'utf8',
        },
      )
      expect(found.stderr).toBe('')
      expect(found.status).toBe(0)
    })
  })
})
