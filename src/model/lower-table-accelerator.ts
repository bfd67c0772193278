import { InputError } from '../base/index.js'
import type {
  ArrayDimension,
  HierarchicalAccelerator,
  MemoryLevel,
} from './hierarchical-accelerator.js'
import type { Operand } from './loop-dims.js'
import {
  operands,
  perOperand,
  type TableAccelerator,
  type TableBuffer,
} from './table-accelerator.js'

/** Array dimensions of a lowered accelerator, by the spatial row of a scheduling table that they stand for. */
export const loweredDimensions = {
  'MAC_ARRAY(X)': 'MX',
  'MAC_ARRAY(Y)': 'MY',
  'PE_ARRAY(X)': 'PX',
  'PE_ARRAY(Y)': 'PY',
  'MULTI_CHIPS(X)': 'CX',
  'MULTI_CHIPS(Y)': 'CY',
} as const

/**
 * An accelerator of the scheduling-table model in the hierarchical model: one array over MACs, PEs and chips; a memory
 * per buffer (one per operand where the buffer is separate) with one port; operands that pass by a level are not held
 * there. Static power has no place in the hierarchical model and is left out.
 * @throws InputError when a shared buffer has a price per operand
 */
export function lowerTableAccelerator(accelerator: TableAccelerator): HierarchicalAccelerator {
  const sides: readonly (readonly [string, number])[] = [
    ['MX', accelerator.macArray?.x ?? 1],
    ['MY', accelerator.macArray?.y ?? 1],
    ['PX', accelerator.peArray?.x ?? 1],
    ['PY', accelerator.peArray?.y ?? 1],
    ['CX', accelerator.chips?.x ?? 1],
    ['CY', accelerator.chips?.y ?? 1],
  ]
  const dimensions = sides.map(([name, size]): ArrayDimension => ({ name, size }))
  const { sizeBytes: _, ...unbounded } = accelerator.dram
  const level = (name: string, buffer: TableBuffer | undefined, serves: readonly string[]) =>
    buffer === undefined ? [] : lowerBuffer(name, buffer, serves, accelerator)
  return {
    kind: 'hierarchical-accelerator',
    name: accelerator.name,
    array: { dimensions, macEnergyPj: accelerator.macEnergyPj },
    memories: [
      ...level('LOCAL_BUFFER', accelerator.localBuffer, ['MX', 'MY']),
      ...level('GLOBAL_BUFFER', accelerator.globalBuffer, ['MX', 'MY', 'PX', 'PY']),
      // The size of the DRAM is not a constraint of the scheduling-table model.
      ...level(
        'DRAM',
        unbounded,
        dimensions.map((each) => each.name),
      ),
    ],
    unrolling: {},
    clockMhz: accelerator.clockMhz,
  }
}

function lowerBuffer(
  name: string,
  buffer: TableBuffer,
  serves: readonly string[],
  { precisionBits, name: accelerator }: TableAccelerator,
): MemoryLevel[] {
  const held = operands.filter((each) => !buffer.bypass.includes(each))
  const energies = perOperand(buffer.accessEnergyPj)
  const cycles = perOperand(buffer.cyclesPerTransfer)
  const at = (operand: Operand) => operands.indexOf(operand)
  const memory = (suffix: string, kept: readonly Operand[], bytes: number): MemoryLevel => {
    const width = buffer.bandwidthBits / cycles[at(kept[0])]
    const energyPj = (energies[at(kept[0])] * width) / precisionBits
    return {
      name: name + suffix,
      sizeBits: Math.min(bytes * 8, Number.MAX_SAFE_INTEGER),
      readBandwidthBits: width,
      writeBandwidthBits: width,
      readGranularityBits: Math.min(width, precisionBits),
      writeGranularityBits: Math.min(width, precisionBits),
      readEnergyPj: energyPj,
      writeEnergyPj: energyPj,
      latencyCycles: 1,
      operands: kept,
      serves,
      ports: [
        {
          name: 'rw1',
          type: 'read-write',
          links: kept.flatMap((operand) =>
            (operand === 'output'
              ? (['from-high', 'to-low', 'from-low', 'to-high'] as const)
              : (['from-high', 'to-low'] as const)
            ).map((direction) => ({ operand, direction })),
          ),
        },
      ],
    }
  }
  const size = buffer.sizeBytes
  if (size?.length === 3) {
    return held.map((operand) => memory(`_${operand.toUpperCase()}`, [operand], size[at(operand)]))
  }
  if (held.length === 0) return []
  const prices = new Set(held.map((each) => `${energies[at(each)]} ${cycles[at(each)]}`))
  if (prices.size > 1 && size !== undefined) {
    throw new InputError({
      code: 'E-ARC-020',
      message: `${name} of "${accelerator}" is one buffer with an energy or a time per operand, which a memory of the hierarchical model cannot have`,
      hint: 'give three sizes, or one price',
    })
  }
  // Without a capacity nothing is shared: a memory per operand has each its price.
  if (prices.size > 1) {
    return held.map((operand) => memory(`_${operand.toUpperCase()}`, [operand], Infinity))
  }
  return [memory('', held, size?.[0] ?? Infinity)]
}
