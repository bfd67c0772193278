import type { HierarchicalAccelerator, MemoryLevel, MemoryPort } from '../../src/model/index.js'

const all = ['D1', 'D2']

function memory(
  name: string,
  sizeBits: number,
  bits: number,
  energyPj: number,
  operands: MemoryLevel['operands'],
  serves: readonly string[],
): MemoryLevel {
  const links = operands.flatMap((operand): MemoryPort['links'] =>
    operand === 'output'
      ? [
          { operand, direction: 'to-low' },
          { operand, direction: 'from-low' },
          { operand, direction: 'to-high' },
          { operand, direction: 'from-high' },
        ]
      : [
          { operand, direction: 'to-low' },
          { operand, direction: 'from-high' },
        ],
  )
  return {
    name,
    sizeBits,
    readBandwidthBits: bits,
    writeBandwidthBits: bits,
    readGranularityBits: 8,
    writeGranularityBits: 8,
    readEnergyPj: energyPj,
    writeEnergyPj: energyPj,
    latencyCycles: 1,
    operands,
    serves,
    ports: [{ name: 'rw', type: 'read-write', links }],
  }
}

/** 4 × 2 units over K and OX, registers, one small and one larger shared buffer, DRAM. */
export const smallAccelerator: HierarchicalAccelerator = {
  kind: 'hierarchical-accelerator',
  name: 'small',
  array: {
    dimensions: [
      { name: 'D1', size: 4 },
      { name: 'D2', size: 2 },
    ],
    macEnergyPj: 0.1,
  },
  unrolling: { D1: ['K', 'G'], D2: ['OX'] },
  memories: [
    memory('w-register', 64, 8, 0.01, ['weight'], ['D2']),
    memory('o-register', 64, 16, 0.02, ['output'], []),
    memory('local', 8 * 1024, 64, 1, ['input', 'output'], all),
    memory('global', 64 * 1024, 64, 5, ['input', 'weight', 'output'], all),
    memory('dram', 1e9, 32, 100, ['input', 'weight', 'output'], all),
  ],
}
