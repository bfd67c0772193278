import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  readAcceleratorCfg,
  readNetworkCfg,
  readTableCfg,
  writeAcceleratorCfg,
  writeNetworkCfg,
  writeTableCfg,
} from '../../src/formats/cfg/index.js'
import {
  readNetwork,
  readSchedulingTable,
  readTableAccelerator,
  writeNetwork,
  writeSchedulingTable,
  writeTableAccelerator,
} from '../../src/formats/index.js'
import type { Layer } from '../../src/model/index.js'
import { runHeddle } from './run-heddle.js'

const presets = fileURLToPath(new URL('../../presets/', import.meta.url))
const read = (path: string): string => readFileSync(presets + path, 'utf8')
const tableAccelerators = readdirSync(`${presets}accelerators`).filter((file) =>
  read(`accelerators/${file}`).includes('kind: table-accelerator'),
)
const networks = readdirSync(`${presets}networks`).filter(
  (file) => file.endsWith('.yaml') && /^kind: network$/m.test(read(`networks/${file}`)),
)

describe('conversion', () => {
  test.each(tableAccelerators)('accelerator %s: YAML → .cfg → YAML changes nothing', (file) => {
    const value = readTableAccelerator(read(`accelerators/${file}`), file)
    expect(readAcceleratorCfg(writeAcceleratorCfg(value), 'x.cfg')).toEqual(value)
    expect(readTableAccelerator(writeTableAccelerator(value), 'x.yaml')).toEqual(value)
  })

  test.each(networks)('network %s: written and read again, it is the same', (file) => {
    const value = readNetwork(read(`networks/${file}`), file)
    const again = readNetwork(writeNetwork(value), 'x.yaml')
    const plain = (layers: readonly Layer[]): unknown =>
      layers.map((layer) => ({ ...layer, unrolling: undefined }))
    expect(plain(again.layers)).toEqual(plain(value.layers))
  })

  test.each(['resnet50', 'mobilenetv3-small', 'inception-v4', 'test-network'])(
    'network %s survives the published form, depthwise layers included',
    (name) => {
      const value = readNetwork(read(`networks/${name}.yaml`), name)
      const text = writeNetworkCfg(value, name)
      expect(readNetworkCfg(text, 'x.cfg').layers).toEqual(value.layers)
      expect(writeNetworkCfg(readNetworkCfg(text, 'x.cfg'), 'x.cfg')).toBe(text)
    },
  )

  test('a mapping survives both forms', () => {
    const text =
      'kind: scheduling-table\nlayer: a\nrows:\n  DRAM: [4, 1, 6, 6, 3, 3, 3, 1]\n  LOCAL_BUFFER: { K: 2 }\n'
    const value = readSchedulingTable(text, 'x.yaml')
    expect(readSchedulingTable(writeSchedulingTable(value), 'y.yaml')).toEqual(value)
    expect(readTableCfg(writeTableCfg(value, undefined, 'x'), 'x.cfg')).toEqual(value)
  })

  test('the command prints the other form, and says why a layer cannot be written', () => {
    const cfg = runHeddle(['convert', 'eyeriss'])
    expect(cfg.status).toBe(0)
    expect(cfg.stdout).toContain('[LOCAL_BUFFER]')
    const pooled = runHeddle(['convert', 'vgg16', '--to', 'cfg'])
    expect(pooled.status).toBe(2)
    expect(pooled.stderr).toContain('a layer of type pool has no weights')
  })
})
