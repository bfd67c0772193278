import { describe, expect, it } from 'vitest'
import {
  buildNetwork,
  cutIntoStacks,
  fullSizes,
  overlapModes,
  partitionByWeights,
  planPublishedTiles,
  publishedFuse,
  viewMemories,
} from '../../src/fuse/index.js'
import { publishedStacks } from '../../src/fuse/published/stacks.js'
import type { LoopDim } from '../../src/model/index.js'
import { goldenJson } from './golden-data.js'
import {
  acceleratorOf,
  workloadOf,
  type GoldenHardware,
  type GoldenNode,
} from './defines-inputs.js'

/** A layer of a depth-first result: what is compared here. */
interface GoldenLayer {
  readonly kind: 'layer' | 'copy'
  readonly id: number | string
  readonly tile_types: readonly {
    readonly count: number
    readonly loop_dim_size: Partial<Record<LoopDim, number>>
    readonly top_memory: Readonly<Record<string, string>>
  }[]
}

interface GoldenPoint {
  readonly hw: string
  readonly wl: string
  readonly mode: '1' | '2' | '3'
  readonly tx: number
  readonly ty: number
  readonly error?: string
  readonly result: {
    readonly stack_cuts: readonly number[]
    readonly tile_type_count: number
    readonly layers: readonly GoldenLayer[]
  }
}

const hardware = goldenJson<Record<string, GoldenHardware>>('defines', 'hardware.json')
const workloads = goldenJson<Record<string, GoldenNode[]>>('defines', 'workloads.json')

function inputs(hw: string, wl: string) {
  const view = viewMemories(acceleratorOf(hw, hardware![hw]))
  return { view, network: buildNetwork(workloadOf(wl, workloads![wl])) }
}

describe.skipIf(hardware === undefined || workloads === undefined)('defines', () => {
  const cuts = goldenJson<Record<string, number[]>>('defines', 'stack_cuts.json')
  it.skipIf(cuts === undefined)('stack cuts of every accelerator and network', () => {
    for (const [key, expected] of Object.entries(cuts!)) {
      const [hw, wl] = key.split('/')
      const { view, network } = inputs(hw, wl)
      const weights = view.levels.weight
      const capacity = view.sizeBits[weights[weights.length - 2]]
      expect(partitionByWeights(network, capacity, publishedFuse), key).toEqual(expected)
    }
  })

  const sizes = goldenJson<Record<string, Record<string, Record<string, number>>>>(
    'defines',
    'effective_dims.json',
  )
  it.skipIf(sizes === undefined)('sizes worked back from the output through whole networks', () => {
    for (const [wl, nodes] of Object.entries(sizes!)) {
      const network = buildNetwork(workloadOf(wl, workloads![wl]))
      const [stack] = cutIntoStacks(network, [])
      const { OX, OY } = network.nodes[network.nodes.length - 1].layer.dims
      const { x, y } = fullSizes(stack, OX, OY)
      expect([x.source[0], y.source[0]], wl).toEqual([nodes['-1']['OX'], nodes['-1']['OY']])
      stack.nodes.forEach(({ layer }, i) => {
        const node = nodes[layer.name]
        expect([x.out[i], y.out[i]], `${wl}/${layer.name}`).toEqual([node['OX'], node['OY']])
      })
    }
  })

  for (const [file, repaired] of [
    ['fsrcnn_meta_df_sweep.json', false],
    ['fsrcnn_meta_df_tiles.json', false],
    ['depth_first_points.json', false],
    ['depth_first_points_corrected_q20.json', true],
  ] as const) {
    const points = goldenJson<GoldenPoint[]>('defines', file)
    it.skipIf(points === undefined)(`tile types, counts and sizes of ${file}`, () => {
      for (const point of points!.filter((each) => each.error === undefined)) {
        const { view, network } = inputs(point.hw, point.wl)
        const [whole] = cutIntoStacks(network, [])
        const last = network.nodes[network.nodes.length - 1].layer
        const full = fullSizes(whole, last.dims.OX, last.dims.OY)
        const stacks = publishedStacks(network, point.result.stack_cuts, !repaired)
        const got = new Map<string, string[]>()
        for (const stack of stacks) {
          const output = stack.nodes[stack.nodes.length - 1].position
          const tiles = planPublishedTiles(
            stack,
            view,
            overlapModes[Number(point.mode) - 1],
            point.tx,
            point.ty,
            fullSizes(stack, full.x.out[output], full.y.out[output]),
          )
          stack.nodes.forEach(({ layer }, i) => {
            const each = tiles.map((tile) => {
              const weights = view.levels.weight[tile.homes.weightLevel]
              const home = view.accelerator.memories[weights].name
              const area = `${tile.x.out[i]}×${tile.y.out[i]}`
              return `${tile.count} of ${area}, weights in ${layer.operator === 'add' ? '-' : home}`
            })
            got.set(layer.name, [...(got.get(layer.name) ?? []), ...each])
          })
        }
        const key = `${point.hw}/${point.wl} mode ${point.mode} ${point.tx}×${point.ty}`
        for (const layer of point.result.layers.filter((each) => each.kind === 'layer')) {
          const expected = layer.tile_types.map(({ count, loop_dim_size, top_memory }) => {
            const area = `${loop_dim_size.OX}×${loop_dim_size.OY}`
            return `${count} of ${area}, weights in ${top_memory['W'] ?? '-'}`
          })
          expect(got.get(String(layer.id))?.sort(), `${key}, layer ${layer.id}`).toEqual(
            expected.sort(),
          )
        }
      }
    })
  }
})
