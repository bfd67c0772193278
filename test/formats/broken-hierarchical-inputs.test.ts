import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { InfeasibleError, InputError } from '../../src/base/index.js'
import { standardConventions } from '../../src/cost/hierarchical/index.js'
import { readHierarchicalAccelerator, readNetwork } from '../../src/formats/index.js'
import { mapHierarchicalLayer } from '../../src/map/hierarchical/index.js'
import { quietRun } from '../../src/model/index.js'
import { resolveInput } from '../../src/presets/index.js'

const readers = {
  'hierarchical-accelerator': readHierarchicalAccelerator,
  network: readNetwork,
} as const

describe.each(Object.entries(readers))('broken %s files', (folder, read) => {
  const root = new URL(`../input/${folder}/`, import.meta.url)
  const expected = JSON.parse(readFileSync(new URL('expected.json', root), 'utf8')) as Record<
    string,
    string[]
  >
  const files = readdirSync(root).filter((name) => name.endsWith('.yaml'))

  test('each has its expected messages', () => {
    expect(files.sort()).toEqual(Object.keys(expected).sort())
  })

  test.each(files)('%s', (file) => {
    const text = readFileSync(new URL(file, root), 'utf8')
    let message = ''
    try {
      read(text, file)
    } catch (error) {
      expect(error).toBeInstanceOf(InputError)
      message = (error as Error).message
    }
    expect(message.split('\n').filter((line) => line.includes('[E-'))).toEqual(expected[file])
  })
})

describe('a hierarchy that is too small', () => {
  const accelerator = readHierarchicalAccelerator(
    readFileSync(resolveInput('tpu-like-df', 'accelerators'), 'utf8'),
    'tpu.yaml',
  )
  const network = readNetwork(readFileSync(resolveInput('fsrcnn', 'networks'), 'utf8'), 'n.yaml')
  const small = {
    ...accelerator,
    memories: accelerator.memories.map((memory) =>
      memory.name === 'dram' ? { ...memory, sizeBits: 1_000_000 } : memory,
    ),
  }

  test.each(['optimal', 'loma', 'salsa'] as const)(
    '%s says which memory, and by how much',
    (search) => {
      const options = {
        search,
        metric: 'energy',
        lpfLimit: 4,
        spatial: 'given',
        conventions: standardConventions,
      } as const
      expect(() => mapHierarchicalLayer(network.layers[2], small, options, quietRun)).toThrow(
        InfeasibleError,
      )
      expect(() => mapHierarchicalLayer(network.layers[2], small, options, quietRun)).toThrow(
        /dram/,
      )
      if (search === 'optimal') return
      expect(() => mapHierarchicalLayer(network.layers[2], small, options, quietRun)).toThrow(
        /memory "dram" would have to hold \d+ bits and holds 1000000, \d+ too few/,
      )
    },
  )
})
