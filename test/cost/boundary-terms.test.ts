import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BoundaryTerms,
  evaluateMapping,
  publishedConventions,
  standardConventions,
} from '../../src/cost/hierarchical/index.js'
import { loopDims } from '../../src/model/index.js'
import { randomCase } from './random-problem.js'

test.each([standardConventions, publishedConventions])(
  'the energy of a mapping is the sum of its boundary terms ($name)',
  (conventions) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
        const size = { loop: 12, divisible: conventions.name === 'published', memories: 4 }
        const { problem, mapping } = randomCase(seed, size, conventions)
        const terms = new BoundaryTerms(problem)
        let sum = terms.fixedEnergyPj
        problem.operands.forEach(({ operand, memories }, p) => {
          for (let b = 1; b < memories.length; b++) {
            const tile = loopDims.map(() => 1)
            let end = mapping.cuts[operand.name]?.[b - 1] ?? 0
            // Irrelevant loops right above the cut belong below it.
            while (
              end < mapping.loops.length &&
              operand.irrelevant.includes(mapping.loops[end].dim)
            )
              end++
            for (const { dim, size } of mapping.loops.slice(0, end))
              tile[loopDims.indexOf(dim)] *= size
            sum += terms.energyPj(p, b, tile)
          }
        })
        const { energyPj } = evaluateMapping(problem, mapping)
        expect(Math.abs(sum - energyPj)).toBeLessThanOrEqual(1e-9 * energyPj)
      }),
      { numRuns: 300 },
    )
  },
)
