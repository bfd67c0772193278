import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keywordRes8 } from '../../scripts/onnx-presets/convolutional.js'
import {
  bytesSource,
  defaultPrecision,
  importNetwork,
  readOnnx,
  writeOnnx,
} from '../../src/formats/onnx/index.js'
import { networkOpGraph } from '../../src/model/index.js'
import { runHeddle } from '../cli/run-heddle.js'

describe('heddle place on an ONNX graph', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'heddle-place-'))
    writeFileSync(join(folder, 'keyword.onnx'), writeOnnx(keywordRes8()))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('places the nodes that cost time, with times from a table', () => {
    const network = importNetwork(
      readOnnx(bytesSource('k.onnx', writeOnnx(keywordRes8()))),
      'k.onnx',
      { bindings: {}, assumeElementwise: [], precision: defaultPrecision },
    )
    const { operations } = networkOpGraph(network)
    const rows = operations.map(({ name }) => `${name},2,5`)
    writeFileSync(join(folder, 'times.csv'), ['operation,npu,cpu', ...rows].join('\n'))
    const result = runHeddle(
      [
        'place',
        '--network',
        'keyword.onnx',
        '--times',
        'times.csv',
        '--npus',
        '1',
        '--cpus',
        '1',
        '--json',
        '--quiet',
      ],
      folder,
    )
    expect(result.stderr).toBe('')
    const { makespanUs, status } = JSON.parse(result.stdout) as {
      makespanUs: number
      status: string
    }
    // A residual block has little to do at once: the faster core does all of it.
    expect(makespanUs).toBe(2 * operations.length)
    expect(status).toBe('optimal')
  })

  test('says where times may come from', () => {
    const result = runHeddle(
      ['place', '--network', 'keyword.onnx', '--npus', '1', '--cpus', '1'],
      folder,
    )
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('a network of the form "onnx" has no execution times')
    expect(result.stderr).toContain('heddle plan')
  })
})
