import { describe, expect, it } from 'vitest'
import { readTraceParquet, writeTraceParquet } from '../../src/cli/serve/trace-parquet.js'
import { readTraceCsv, writeTraceCsv } from '../../src/formats/index.js'
import { InputError } from '../../src/base/index.js'
import { createTrace } from '../../src/model/index.js'

const trace = createTrace({
  name: 'net_pattern',
  network: 'net',
  sampleCount: 3,
  layerCount: 2,
  latencyS: Float64Array.of(0.1, 0.2, 1 / 3, 0.4, 5e-7, 0.6),
  sparsity: Float64Array.of(0, 0.25, 0.5, 2 / 3, 1, 0.1),
  sampleOrder: Int32Array.of(2, 0, 1),
})

describe('Heddle’s own trace forms', () => {
  it('CSV keeps every bit', () => {
    expect(readTraceCsv(writeTraceCsv(trace), 'elsewhere.csv')).toEqual(trace)
  })

  it('Parquet keeps every bit', async () => {
    expect(await readTraceParquet(writeTraceParquet(trace), 'elsewhere.parquet')).toEqual(trace)
  })

  it('what is no Parquet is bad input', async () => {
    await expect(readTraceParquet(new Uint8Array(40), 'x.parquet')).rejects.toThrow(InputError)
  })

  it('rows and columns may come in any order', () => {
    const text = 'sparsity,layer,latency_s,sample\n0.5,1,2,0\n0.25,0,1,0\n'
    const read = readTraceCsv(text, 'net.csv')
    expect([...read.latencyS]).toEqual([1, 2])
    expect([...read.sparsity]).toEqual([0.25, 0.5])
  })
})
