import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allPriced,
  bestSoFar,
  concludeExploration,
  createFuseEngine,
  exploreStack,
  overlapModes,
  planExploration,
  promisingCandidates,
  type ExplorationRequest,
  type FuseEngine,
} from '../../src/fuse/index.js'
import { quietRun, type Workload } from '../../src/model/index.js'
import { randomNetwork } from './random-network.js'
import { smallAccelerator } from './small-accelerator.js'

const tiles = [
  { x: 2, y: 2 },
  { x: 4, y: 99 },
]
const request: ExplorationRequest = {
  modes: overlapModes,
  tiles,
  stacks: { kind: 'auto' },
  perStack: true,
}

function engineOf(workload: Workload): FuseEngine {
  return createFuseEngine({
    accelerator: smallAccelerator,
    workload,
    conventions: 'standard',
    search: { kind: 'loma', lpfLimit: 2 },
    objective: 'energy',
  })
}

/** Least energy of the layers from `first` on, over all ways to cut them, by trying each: the oracle. */
function leastEnergy(engine: FuseEngine, workload: Workload, first = 0): number {
  const { layers } = workload
  if (first === layers.length) return 0
  const costs = layers.slice(first).map((_, i): number => {
    const last = first + i
    const inside = layers.slice(first, last)
    const later = layers.slice(last + 1).flatMap(({ inputs }) => inputs)
    const handsOn = inside.some(({ name }) => later.includes(name))
    const isOutput = inside.some(({ name }) => !layers.some(({ inputs }) => inputs.includes(name)))
    const moves = layers
      .slice(first, last + 1)
      .some((layer) =>
        (layer.reads ?? [])
          .flat()
          .some(
            ({ from, through }) =>
              through !== undefined && inside.some(({ name }) => name === from),
          ),
      )
    if (handsOn || isOutput || moves) return Infinity
    const size = engine.outputSize(last)
    const sizes = [...tiles, size].map(({ x, y }) => ({
      x: Math.min(x, size.x),
      y: Math.min(y, size.y),
    }))
    const prices = sizes.flatMap((tile) =>
      overlapModes.map((mode) => {
        // The whole output is priced for layers alone and for the whole network only.
        const isWhole = tile.x === size.x && tile.y === size.y
        const isAsked = tiles.some((each) => each.x >= size.x && each.y >= size.y)
        const isBaseline = first === last || (first === 0 && last === layers.length - 1)
        if (isWhole && !isAsked && !isBaseline) return Infinity
        const price = engine.price({ first, last }, mode, tile)
        return 'energyPj' in price ? price.energyPj : Infinity
      }),
    )
    return Math.min(...prices) + leastEnergy(engine, workload, last + 1)
  })
  return Math.min(...costs)
}

/** Marks the reads of one layer as resized on the way. */
function withReshape(workload: Workload, index: number): Workload {
  return {
    ...workload,
    layers: workload.layers.map((layer, i) => ({
      ...layer,
      ...(i === index && layer.operator !== 'add'
        ? {
            reads: (layer.reads ?? []).map((maps) =>
              maps.map((map) => ({ ...map, channels: map.channels ?? 2, through: 'Resize' })),
            ),
          }
        : {}),
    })),
  }
}

describe('the best schedule of a network of branches', () => {
  it('equals the best of all ways to cut it, bounds applied', () => {
    fc.assert(
      fc.property(
        randomNetwork.filter(({ layers }) => layers.length <= 6),
        fc.nat({ max: 12 }),
        (plain, index) => {
          const workload = withReshape(plain, index)
          const engine = engineOf(workload)
          const plan = planExploration(engine, request)
          const first = plan.jobs.map((job) => exploreStack(engine, job, quietRun))
          const known = bestSoFar(engine, request, plan, first)
          const { jobs, bounded } = promisingCandidates(
            engine,
            plan,
            'objective' in known ? known.objective : Infinity,
          )
          const results = [...first, ...jobs.map((job) => exploreStack(engine, job, quietRun))]
          const all = [...plan.jobs, ...jobs]
          const priced = allPriced(all, results, bounded)
          const { best } = concludeExploration(engine, request, plan, priced)
          expect(best.energyPj / leastEnergy(engine, workload)).toBeCloseTo(1, 9)
          const ends = best.stacks.map(({ last }) => last + 1)
          expect(best.stacks.map((stack) => stack.first)).toEqual([0, ...ends.slice(0, -1)])
        },
      ),
      { numRuns: 15 },
    )
  })
})
