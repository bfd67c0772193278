import { expect, test } from 'vitest'
import { compileProblem } from '../../src/place/index.js'
import { resourcePrices } from '../../src/place/bounds/resource-price.js'

test('prices stay finite when one kind is a million times faster and cannot run everything', () => {
  const operations = Array.from({ length: 40 }, (_, i) => ({
    name: `op${i}`,
    type: i % 4 === 0 ? 'slow' : 'any',
  }))
  const p = compileProblem({
    applications: [{ graph: { kind: 'op-graph', name: 'g', operations, edges: [] }, inputs: 1 }],
    soc: {
      kind: 'soc',
      name: 's',
      cores: [
        { name: 'fast', count: 4 },
        { name: 'host', count: 1 },
      ],
    },
    costs: {
      cost: (operation, core) =>
        core.name === 'host'
          ? { latencyUs: 1e6 }
          : operation.type === 'slow'
            ? undefined
            : { latencyUs: 1e-3 },
    },
    clockUs: 0,
  })
  const prices = resourcePrices(p)
  expect(prices.every((price) => Number.isFinite(price) && price >= 0)).toBe(true)
})
