import { describe, expect, test } from 'vitest'
import { quietRun, type Soc } from '../../src/model/index.js'
import { compileProblem, policies } from '../../src/place/index.js'
import { tableRequest } from './any-request.js'

const soc = (npus: number, cpus: number): Soc => ({
  kind: 'soc',
  name: 'chip',
  cores: [
    { name: 'npu', count: npus, supports: [] },
    { name: 'cpu', count: cpus },
  ],
})

describe('impossible requests', () => {
  test('a cycle is named', () => {
    const request = tableRequest(
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      [
        [0, 1, 0],
        [1, 2, 0],
        [2, 1, 0],
      ],
      soc(1, 1),
    )
    expect(() => compileProblem(request)).toThrow('"t1" → "t2" → "t1"')
  })
  test('an operation that no core can run is named', () => {
    const request = tableRequest([[1, 1]], [], soc(2, 0))
    expect(() => policies['npu-first'].place(request, quietRun)).toThrow(
      /no core .* can run .*"t0"/,
    )
  })
  test('zero cores', () => {
    expect(() => compileProblem(tableRequest([[1, 1]], [], soc(0, 0)))).toThrow('no core at all')
  })
})
