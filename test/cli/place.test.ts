import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { placeResult } from '../../src/formats/results/place.js'
import { runHeddle } from './run-heddle.js'

const folder = mkdtempSync(join(tmpdir(), 'heddle-place-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const table = file('net.csv', 'operation,type,after,npu,cpu\na,X,,2,3\nb,Y,a:4,,5\nc,X,a:4,1,2\n')

describe('heddle place', () => {
  test('prints one document of the promised shape, and the schedule verifies', () => {
    const run = runHeddle(['place', '--network', table, '--npus', '1', '--cpus', '1', '--json'])
    expect(run.status).toBe(0)
    const json: unknown = JSON.parse(run.stdout)
    expect(placeResult.safeParse(json).error).toBeUndefined()
    expect(json).toMatchObject({ makespanUs: 7, lowerBoundUs: 7, status: 'optimal' })
    const schedule = file('schedule.json', run.stdout)
    const same = ['place', '--network', table, '--npus', '1', '--cpus', '1', '--json']
    const good = runHeddle([...same, '--verify', schedule])
    expect(good.status).toBe(0)
    expect(JSON.parse(good.stdout)).toEqual({ valid: true, makespanUs: 7, violations: [] })
    const broken = file(
      'broken.json',
      '{"startUs":[0,0,2],"endUs":[2,5,3],"core":["npu","cpu","npu"],"coreId":[0,0,0]}',
    )
    const bad = runHeddle([...same, '--verify', broken])
    expect(bad.status).toBe(2)
    expect(placeResult.safeParse(JSON.parse(bad.stdout)).error).toBeUndefined()
    expect(bad.stdout).toContain('precedence')
  })

  test('the published result, bit for bit', () => {
    const run = runHeddle(
      'place --network xception --soc grai --batch 16 --policy npu-first --as-published --json'.split(
        ' ',
      ),
    )
    expect(JSON.parse(run.stdout)).toMatchObject({ makespanUs: 1064300.6650120076 })
  })

  test('--out writes the report and its parts', () => {
    const out = join(folder, 'out')
    const run = runHeddle(['place', '--network', table, '--npus', '1', '--cpus', '2', '--out', out])
    expect(run.status).toBe(0)
    expect(readdirSync(out).sort()).toEqual([
      'cores.csv',
      'gantt.svg',
      'report.html',
      'schedule.csv',
      'schedule.json',
      'trace.json',
    ])
  })

  test('impossible and wrong requests end with a message', () => {
    const unsupported = runHeddle(
      'place --network xception --soc grai --npus 4 --cpus 0 --batch 2'.split(' '),
    )
    expect(unsupported.status).toBe(3)
    expect(unsupported.stderr).toContain('SeparableConv2D')
    const none = runHeddle('place --network xception --soc grai --npus 0 --cpus 0'.split(' '))
    expect(none.status).toBe(3)
    expect(none.stderr).toContain('no core at all')
    const cycle = file('cycle.csv', 'operation,after,cpu\na,b,1\nb,a,1\n')
    const circle = runHeddle(['place', '--network', cycle, '--cpus', '1'])
    expect(circle.status).toBe(2)
    expect(circle.stderr).toContain('"a" → "b" → "a"')
    const policy = runHeddle(['place', '--network', table, '--cpus', '1', '--policy', 'heftt'])
    expect(policy.status).toBe(2)
    expect(policy.stderr).toContain('did you mean "heft"?')
  })
})
