import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allPriced,
  bestSoFar,
  concludeExploration,
  createFuseEngine,
  exploreStack,
  neighbourJobs,
  objectives,
  overlapModes,
  planExploration,
  searchStacks,
  type Exploration,
  type ExplorationRequest,
  type FuseSetting,
  type StackJob,
} from '../../src/fuse/index.js'
import { quietRun, type HierarchicalAccelerator, type Workload } from '../../src/model/index.js'
import { chain } from './chain.js'
import { randomNetwork } from './random-network.js'
import { smallAccelerator } from './small-accelerator.js'

/** The exhaustive search: every stack with every mode and tile is priced, then the neighbours of the best tiles. */
function exhaust(setting: FuseSetting, request: ExplorationRequest): Exploration {
  const engine = createFuseEngine(setting)
  const plan = planExploration(engine, request)
  const price = (each: readonly StackJob[]) =>
    each.map((job) => exploreStack(engine, job, quietRun))
  const jobs = [...plan.jobs, ...plan.candidates]
  const results = price(jobs)
  for (let before = Infinity; request.tiles === 'auto';) {
    const best = bestSoFar(engine, request, plan, results)
    if (!('objective' in best) || best.objective >= before) break
    before = best.objective
    const more = neighbourJobs(engine, request.modes, best.stacks, results)
    jobs.push(...more)
    results.push(...price(more))
  }
  return concludeExploration(engine, request, plan, allPriced(jobs, results, 0))
}

function searched(setting: FuseSetting, request: ExplorationRequest): Exploration {
  const engine = createFuseEngine(setting)
  const plan = planExploration(engine, request)
  return concludeExploration(engine, request, plan, searchStacks(engine, request, plan, quietRun))
}

/** What an exploration found, or why it found nothing. */
function outcome(explore: typeof exhaust, setting: FuseSetting, request: ExplorationRequest) {
  try {
    return explore(setting, request)
  } catch (error) {
    return { error: String(error) }
  }
}

/** With so little room that some stacks, tiles or layers do not fit. */
const tightAccelerator: HierarchicalAccelerator = {
  ...smallAccelerator,
  memories: smallAccelerator.memories.map((memory) =>
    memory.name === 'global' ? { ...memory, sizeBits: 3 * 1024 } : memory,
  ),
}

/** Repeated blocks, so that many schedules cost the same. */
const repeated = fc
  .record({ kernel: fc.constantFrom(1, 3), blocks: fc.integer({ min: 2, max: 4 }) })
  .map(({ kernel, blocks }) =>
    chain(
      Array.from({ length: blocks }, () => ({ kernel, stride: 1, padding: (kernel - 1) / 2 })),
      8,
    ),
  )

const workloads: fc.Arbitrary<Workload> = fc.oneof(
  randomNetwork.filter(({ layers }) => layers.length <= 5),
  repeated,
)

const requests: Readonly<Record<string, ExplorationRequest>> = {
  'tiles and modes chosen per stack': {
    modes: overlapModes,
    tiles: 'auto',
    stacks: { kind: 'auto' },
    perStack: true,
  },
  'given tiles, modes per stack': {
    modes: overlapModes,
    tiles: [
      { x: 2, y: 3 },
      { x: 5, y: 99 },
    ],
    stacks: { kind: 'auto' },
    perStack: true,
  },
  'one mode and tile for all': {
    modes: overlapModes.slice(1),
    tiles: [
      { x: 3, y: 2 },
      { x: 99, y: 4 },
    ],
    stacks: { kind: 'auto' },
    perStack: false,
  },
}

describe.each(Object.entries(requests))('the lazy search of stacks, %s', (_, request) => {
  it.each(objectives)('finds what pricing everything finds, ties included (%s)', (objective) => {
    fc.assert(
      fc.property(
        workloads,
        fc.constantFrom(smallAccelerator, tightAccelerator),
        (workload, accelerator) => {
          const setting: FuseSetting = {
            accelerator,
            workload,
            conventions: 'standard',
            search: { kind: 'optimal' },
            objective,
          }
          const all = outcome(exhaust, setting, request)
          const found = outcome(searched, setting, request)
          if ('error' in all || 'error' in found) {
            expect(found).toEqual(all)
            return
          }
          expect(found.best).toEqual(all.best)
          expect(found.baselines).toEqual(all.baselines)
          expect(found.status).toBe(all.status)
          if (request.tiles !== 'auto') expect(found.points).toEqual(all.points)
          const { considered, priced, pruned } = found.candidates
          const { byRange, byTiles, byLayers, byMappings } = pruned
          expect(priced + byRange + byTiles + byLayers + byMappings).toBe(considered)
        },
      ),
      { numRuns: 6 },
    )
  })
})

it('prices every tile of a grid that is to be drawn, without another result', () => {
  const setting: FuseSetting = {
    accelerator: smallAccelerator,
    workload: chain(
      [
        { kernel: 3, stride: 1, padding: 1 },
        { kernel: 3, stride: 1, padding: 1 },
      ],
      12,
    ),
    conventions: 'standard',
    search: { kind: 'optimal' },
    objective: 'energy',
  }
  const request = requests['tiles and modes chosen per stack']
  const plain = searched(setting, request)
  const drawn = searched(setting, { ...request, drawsGrid: true })
  expect(plain.best.stacks).toHaveLength(1)
  expect(drawn.best).toEqual(plain.best)
  expect(drawn.points).toEqual(exhaust(setting, request).points)
  expect(plain.points.length).toBeLessThan(drawn.points.length)
})

describe('a search that is stopped', () => {
  it('returns a schedule of prices and a bound that holds', () => {
    fc.assert(
      fc.property(workloads, fc.nat({ max: 200 }), (workload, steps) => {
        const setting: FuseSetting = {
          accelerator: smallAccelerator,
          workload,
          conventions: 'standard',
          search: { kind: 'optimal' },
          objective: 'energy',
        }
        const request = requests['tiles and modes chosen per stack']
        let left = steps
        const engine = createFuseEngine(setting)
        const plan = planExploration(engine, request)
        const run = { ...quietRun, cancelled: () => left-- <= 0 }
        const search = searchStacks(engine, request, plan, run)
        const { best } = concludeExploration(engine, request, plan, search)
        const { objective } = exhaust(setting, request).best
        expect(best.objective).toBeGreaterThanOrEqual(objective * (1 - 1e-9))
        if (search.complete) expect(best.objective).toBe(objective)
        expect(search.lowerBound ?? 0).toBeLessThanOrEqual(best.objective * (1 + 1e-9))
      }),
      { numRuns: 6 },
    )
  })
})
