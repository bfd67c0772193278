import { describe, expect, test } from 'vitest'
import { inputSchemas, resultSchemas } from '../../src/formats/index.js'
import { runHeddle } from './run-heddle.js'

describe('the command line contract', () => {
  test('help and version end with status 0', () => {
    const help = runHeddle(['--help'])
    expect(help.status).toBe(0)
    expect(help.stdout).toContain('validate')
    const version = runHeddle(['--version'])
    expect(version.status).toBe(0)
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(runHeddle([]).status).toBe(0)
  })

  test('every verb explains itself', () => {
    const verbs = [...runHeddle(['--help']).stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)]
      .map((match) => match[1])
      .filter((verb) => verb !== 'help')
    expect(verbs.length).toBeGreaterThan(2)
    for (const verb of verbs) {
      const help = runHeddle([verb, '--help'])
      expect(help.status, verb).toBe(0)
      expect(help.stdout, verb).toContain('--json')
    }
  })

  test('an unknown verb names the nearest one', () => {
    const result = runHeddle(['lst'])
    expect(result.status).toBe(2)
    expect(result.stdout).toBe('')
    expect(result.stderr).toContain('did you mean "list"?')
  })

  test('an unknown option names the nearest one and prints no stack trace', () => {
    const result = runHeddle(['list', '--jsn'])
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('--json')
    expect(result.stderr).not.toMatch(/\n\s+at /)
  })

  test('a number out of range is bad usage', () => {
    expect(runHeddle(['list', '--threads', '0']).status).toBe(2)
    expect(runHeddle(['list', '--seed', '1.5']).status).toBe(2)
  })

  test('--json prints exactly one document on stdout', () => {
    const result = runHeddle(['list', 'accelerators', '--json'])
    expect(result.status).toBe(0)
    const rows = JSON.parse(result.stdout) as unknown
    expect(Array.isArray(rows)).toBe(true)
    expect(result.stderr).toBe('')
  })

  test('validate names a missing file', () => {
    const result = runHeddle(['validate', 'no-such-file.cfg'])
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('no-such-file.cfg')
  })

  test('every named schema can be made, and one can be printed', () => {
    for (const make of [...Object.values(inputSchemas), ...Object.values(resultSchemas)]) {
      expect(make()).toHaveProperty('$schema')
    }
    const result = runHeddle(['schema', 'list'])
    expect(result.status).toBe(0)
    expect(JSON.parse(result.stdout)).toEqual(resultSchemas['list']())
  })
})
