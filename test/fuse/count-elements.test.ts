import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  buildNetwork,
  makeStack,
  overlapModes,
  planTiles,
  viewMemories,
  type OverlapMode,
  type Stack,
  type TileType,
} from '../../src/fuse/index.js'
import type { Workload } from '../../src/model/index.js'
import { countTiles, type CountedTile } from './count-elements.js'
import { randomNetwork } from './random-network.js'
import { smallAccelerator } from './small-accelerator.js'

const view = viewMemories(smallAccelerator)

function stackOf(workload: Workload): Stack {
  return makeStack(buildNetwork(workload), 0, workload.layers.length - 1)
}

type Figures = Omit<CountedTile, 'cached'>

/** The same figures of a tile type of the engine; what lies in the caches is compared apart. */
function figuresOf({ x, y, peakBits }: TileType): Figures {
  return {
    made: x.out.map((columns, i) => columns * y.out[i]),
    loaded: (x.source[0] ?? 0) * (y.source[0] ?? 0),
    used: x.input.map((reads, i) => reads.map((columns, read) => columns * y.input[i][read])),
    reused: x.input.map((reads, i) =>
      reads.map(
        (columns, read) =>
          columns * y.input[i][read] -
          (columns - x.reused[i][read]) * (y.input[i][read] - y.reused[i][read]),
      ),
    ),
    peak: peakBits / 8,
  }
}

function withoutCaches({ made, loaded, used, reused, peak }: CountedTile): Figures {
  return { made, loaded, used, reused, peak }
}

function tally(each: readonly (readonly [key: string, count: number])[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const [key, count] of each) counts.set(key, (counts.get(key) ?? 0) + count)
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const cases = fc.record({
  workload: randomNetwork,
  mode: fc.constantFrom(...overlapModes),
  x: fc.integer({ min: 1, max: 6 }),
  y: fc.integer({ min: 1, max: 6 }),
})

function counted(workload: Workload, mode: OverlapMode, x: number, y: number): CountedTile[] {
  const names = workload.layers.map(({ name }) => name)
  const layers = workload.layers.map((layer) => ({
    layer,
    reads: (layer.reads ?? []).flat().map(({ from }) => (from === null ? -1 : names.indexOf(from))),
  }))
  const [source] = stackOf(workload).sources
  return countTiles(
    layers,
    { width: source.width, height: source.height, depth: source.depth },
    { x, y },
    mode,
  )
}

it('every tile computes, reads, reuses and stores what an element-by-element count finds', () => {
  let joins = 0
  let nested = 0
  let sums = 0
  fc.assert(
    fc.property(cases, ({ workload, mode, x, y }) => {
      const tiles = planTiles(stackOf(workload), view, mode, x, y)
      const oracle = counted(workload, mode, x, y)
      const engine = tally(tiles.map((tile) => [JSON.stringify(figuresOf(tile)), tile.count]))
      expect(engine).toEqual(tally(oracle.map((tile) => [JSON.stringify(withoutCaches(tile)), 1])))
      const joined = workload.layers.filter(({ reads }) => reads?.some((maps) => maps.length > 1))
      joins += Math.min(1, joined.length)
      nested += joined.some(({ reads }) =>
        reads?.flat().some(({ from }) => joined.some(({ name }) => name === from)),
      )
        ? 1
        : 0
      sums += workload.layers.some(({ operator }) => operator === 'add') ? 1 : 0
    }),
    { numRuns: 300 },
  )
  // The graphs that matter are among them.
  expect(joins).toBeGreaterThan(100)
  expect(nested).toBeGreaterThan(20)
  expect(sums).toBeGreaterThan(50)
})

it('caches hold no less than what later tiles need again', () => {
  fc.assert(
    fc.property(cases, ({ workload, mode, x, y }) => {
      const held = Math.max(...planTiles(stackOf(workload), view, mode, x, y).map(cacheElements))
      const needed = Math.max(...counted(workload, mode, x, y).map(({ cached }) => cached))
      expect(held).toBeGreaterThanOrEqual(needed)
      if (mode === 'fully-recompute') expect(held).toBe(0)
    }),
    { numRuns: 200 },
  )
})

it('caches hold exactly what later tiles need again where tiles have full height', () => {
  fc.assert(
    fc.property(cases, ({ workload, x }) => {
      const held = Math.max(
        ...planTiles(stackOf(workload), view, 'h-cached-v-recompute', x, 99).map(cacheElements),
      )
      const needed = Math.max(
        ...counted(workload, 'h-cached-v-recompute', x, 99).map(({ cached }) => cached),
      )
      expect(held).toBe(needed)
    }),
    { numRuns: 200 },
  )
})

/** Elements that the caches of a stack reserve, in all memories together. */
function cacheElements({ reservedBits }: TileType): number {
  return reservedBits.reduce((sum, bits) => sum + bits, 0) / 8
}
