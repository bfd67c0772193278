import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readHierarchicalAccelerator, readNetwork } from '../../src/formats/index.js'
import { instanceCount, levelsOf, macCount, unitCount, unrollingOf } from '../../src/model/index.js'
import { listPresets } from '../../src/presets/index.js'

const accelerators = listPresets('accelerators')
  .filter(({ path }) => path.endsWith('.yaml'))
  .map(({ path, name }) => ({ name, text: readFileSync(path, 'utf8') }))
  .filter(({ text }) => text.includes('kind: hierarchical-accelerator'))
const networks = ['fsrcnn', 'dmcnnvd', 'mccnn', 'mobilenetv1', 'resnet18']

describe('hierarchical presets', () => {
  test('all ten published architectures read', () => {
    const published = accelerators.filter(({ name }) => !name.startsWith('eyeriss'))
    expect(published.length).toBe(10)
    for (const { name, text } of published) {
      const accelerator = readHierarchicalAccelerator(text, `${name}.yaml`)
      expect(accelerator.name).toBe(name)
      expect(unitCount(accelerator.array)).toBe(1024)
      for (const operand of ['input', 'weight', 'output'] as const) {
        const levels = levelsOf(accelerator, operand)
        expect(accelerator.memories[levels[levels.length - 1]].name).toBe('dram')
      }
      for (const memory of accelerator.memories) {
        expect(1024 % instanceCount(memory, accelerator.array)).toBe(0)
      }
    }
  })

  test.each(networks)('%s reads, chains, and unrolls on every architecture', (name) => {
    const preset = listPresets('networks').find((each) => each.name === name)
    const workload = readNetwork(readFileSync(preset?.path ?? '', 'utf8'), `${name}.yaml`)
    expect(workload.name).toBe(name)
    for (const layer of workload.layers) {
      expect(macCount(layer)).toBeGreaterThan(0)
      for (const { text } of accelerators) {
        const accelerator = readHierarchicalAccelerator(text, 'a.yaml')
        for (const { arrayDimension, dim, factor } of unrollingOf(layer, accelerator)) {
          const size =
            accelerator.array.dimensions.find((d) => d.name === arrayDimension)?.size ?? 0
          expect(factor).toBeLessThanOrEqual(Math.min(size, layer.dims[dim]))
        }
      }
    }
  })
})
