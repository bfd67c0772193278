import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/base/index.js'
import {
  readArrivalTimes,
  readServeCase,
  readServing,
  readStreamCsv,
  readTraceCsv,
  resolveServing,
} from '../../src/formats/index.js'
import { createTrace } from '../../src/model/index.js'

const root = fileURLToPath(new URL('../input/', import.meta.url))

/** Every broken file of a folder, read by `read`, gives the message that stands beside it. */
function brokenFolder(folder: string, read: (text: string, file: string) => void): void {
  const files = readdirSync(join(root, folder)).filter((name) => !name.endsWith('.expected'))
  it.each(files)(`${folder}/%s`, (name) => {
    const text = readFileSync(join(root, folder, name), 'utf8')
    const expected = readFileSync(join(root, folder, name.replace(/\.\w+$/, '.expected')), 'utf8')
    let message = 'no error'
    try {
      read(text, name)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      message = error.message
    }
    expect(message).toBe(expected.trim())
  })
}

describe('broken inputs of serve', () => {
  brokenFolder('trace', (text, file) => readTraceCsv(text, file))

  const alpha = createTrace({
    name: 'alpha',
    sampleCount: 2,
    layerCount: 1,
    latencyS: Float64Array.of(1, 2),
    sparsity: Float64Array.of(0, 0.5),
  })
  brokenFolder('request-stream', (text, file) => readStreamCsv(text, file, [alpha], 1))

  brokenFolder('arrival-times', (text, file) =>
    readArrivalTimes(text, file, { column: 'arrival_s', unitS: 1, speedup: 1 }),
  )
  const beta = { ...alpha, name: 'beta' }
  const names = { traces: [alpha, beta], policies: ['dysta', 'fcfs'], predictors: ['affine'] }
  brokenFolder('serving', (text, file) => resolveServing(readServing(text, file), names, new Map()))

  it('a case names the request and the key that are wrong', () => {
    const read = (value: unknown): string => {
      try {
        readServeCase(JSON.stringify(value), 'case.json')
        return 'no error'
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(read({ requests: [[0, 0, 0, 1, 1]] })).toMatch(/case\.json \[E-CASE-002\] "trace_files"/)
    expect(read({ trace_files: ['a.csv'], requests: [[0, 3, 0, 1, 1]] })).toBe(
      'case.json [E-CASE-003] request 0: model index 3, expected 0 … 0',
    )
    expect(() => readServeCase('{"a": [1,}', 'case.json')).toThrow(
      /case\.json:1:\d+ \[E-CASE-001\]/,
    )
  })
})
