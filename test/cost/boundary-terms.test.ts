import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BoundaryTerms,
  evaluateMapping,
  publishedConventions,
  standardConventions,
  timeloopConventions,
} from '../../src/cost/hierarchical/index.js'
import { loopDims } from '../../src/model/index.js'
import { randomCase } from './random-problem.js'

test.each([standardConventions, publishedConventions, timeloopConventions])(
  'the energy of a mapping is the sum of its boundary terms ($name)',
  (conventions) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
        const size = { loop: 12, divisible: conventions.name === 'published', memories: 4 }
        const { problem, mapping } = randomCase(seed, size, conventions)
        const terms = new BoundaryTerms(problem)
        const { energyPj, operands } = evaluateMapping(problem, mapping)
        let sum = terms.fixedEnergyPj
        problem.operands.forEach(({ operand, memories }, p) => {
          for (let b = 1; b < memories.length; b++) {
            const tile = loopDims.map(() => 1)
            const cuts = mapping.cuts[operand.name] ?? []
            let end = cuts[b - 1]
            // Irrelevant loops right above the cut belong below it.
            while (
              end < mapping.loops.length &&
              operand.irrelevant.includes(mapping.loops[end].dim)
            )
              end++
            for (const { dim, size } of mapping.loops.slice(0, end))
              tile[loopDims.indexOf(dim)] *= size
            const slide = operands[p].nest.slides[b]
            const whole = terms.energyPj(p, b, tile)
            const next = mapping.loops[end]
            if (slide === undefined || next === undefined) {
              sum += whole
              continue
            }
            // The memory level at which the next loop stands: above the last boundary cut here.
            let top = b
            while (cuts[top] <= end) top++
            const apart = problem.operands[p].mean.loops
              .slice(b, top + 1)
              .flat()
              .reduce((product, { dim, size }) => (dim === next.dim ? product * size : product), 1)
            const slid = terms.slidPj(p, b, tile, next.dim, apart)
            sum += slid + (whole - slid) / slide.run
          }
        })
        expect(Math.abs(sum - energyPj)).toBeLessThanOrEqual(1e-9 * energyPj)
      }),
      { numRuns: 300 },
    )
  },
)
