import { describe, expect, it } from 'vitest'
import { InfeasibleError } from '../../src/base/index.js'
import {
  buildNetwork,
  createFuseEngine,
  cutIntoStacks,
  fullSizes,
  partitionByWeights,
  publishedFuse,
  viewMemories,
  weightCapacityBits,
  type FuseEngine,
} from '../../src/fuse/index.js'
import { acceleratorOf, type GoldenHardware } from './defines-cases.js'
import { differences, goldenResult, type GoldenPoint } from './defines-point.js'
import { goldenJson } from './golden-data.js'
import { workloadOf, type GoldenNode } from './defines-inputs.js'

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
    it.skipIf(points === undefined)(`every figure of every point of ${file}`, () => {
      const engines = new Map<string, FuseEngine>()
      const problems: string[] = []
      for (const point of points!) {
        const name = `${point.hw}/${point.wl} mode ${point.mode} ${point.tx}×${point.ty}`
        const key = `${point.hw}/${point.wl}/${point.lpf}`
        const engine =
          engines.get(key) ??
          createFuseEngine({
            accelerator: acceleratorOf(point.hw, hardware![point.hw]),
            workload: workloadOf(point.wl, workloads![point.wl]),
            conventions: 'published',
            search: { kind: 'loma', lpfLimit: point.lpf },
            objective: 'energy',
          })
        engines.set(key, engine)
        if (point.error !== undefined) {
          const cuts = partitionByWeights(engine.network, weightCapacityBits(engine), publishedFuse)
          expect(() => goldenResult(engine, point, cuts, repaired), name).toThrow(InfeasibleError)
          continue
        }
        const actual = goldenResult(engine, point, point.result.stack_cuts, repaired)
        problems.push(...differences(point.result, actual, name))
      }
      expect(problems).toEqual([])
    })
  }

  const detailed = goldenJson<GoldenPoint[]>('defines', 'fsrcnn_meta_df_tiles.json')
  it.skipIf(detailed === undefined)('the exact search is never above a published energy', () => {
    const engines = new Map<string, FuseEngine>()
    for (const point of detailed!.filter((each) => each.error === undefined)) {
      const key = `${point.hw}/${point.wl}`
      const engine =
        engines.get(key) ??
        createFuseEngine({
          accelerator: acceleratorOf(point.hw, hardware![point.hw]),
          workload: workloadOf(point.wl, workloads![point.wl]),
          conventions: 'published',
          search: { kind: 'optimal' },
          objective: 'energy',
        })
      engines.set(key, engine)
      const { energy_total } = goldenResult(engine, point, point.result.stack_cuts, false)
      const published = Number(point.result['energy_total'])
      const name = `${key} mode ${point.mode} ${point.tx}×${point.ty}`
      expect(energy_total, name).toBeLessThanOrEqual(published * (1 + 1e-9))
    }
  })
})
