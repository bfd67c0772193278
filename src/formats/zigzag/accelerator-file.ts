import { z } from 'zod'
import { InputError, type Diagnostic, type Position } from '../../base/index.js'
import type {
  DataLink,
  HierarchicalAccelerator,
  LinkDirection,
  MemoryLevel,
  MemoryPort,
  Operand,
} from '../../model/index.js'
import { checkHierarchy } from '../check-hierarchy.js'
import { parseYaml } from '../parse-yaml.js'

const memoryOperand = z.enum(['I1', 'I2', 'O'])
const port = z.strictObject({
  name: z.string().min(1),
  type: z.enum(['read', 'write', 'read_write']),
  bandwidth_min: z.number().positive().describe('bits of the smallest access'),
  bandwidth_max: z.number().positive().describe('bits per cycle'),
  allocation: z
    .array(z.string())
    .describe('data links in the order in which they share the port, e.g. "I1, tl"'),
})
const memory = z.strictObject({
  size: z.number().positive().describe('bits of one instance'),
  r_cost: z.number().nonnegative().nullish().describe('pJ of one read of the full width'),
  w_cost: z.number().nonnegative().nullish().describe('pJ of one write of the full width'),
  area: z.number().nonnegative().nullish(),
  latency: z.number().nonnegative(),
  mem_type: z.string().optional(),
  auto_cost_extraction: z.boolean().default(false),
  operands: z.array(memoryOperand).min(1),
  ports: z.array(port).min(1),
  served_dimensions: z.array(z.string()),
})
const schema = z.strictObject({
  name: z.string().min(1),
  memories: z.record(z.string(), memory).describe('innermost first'),
  operational_array: z.strictObject({
    is_imc: z.boolean().default(false),
    imc_type: z.string().nullish(),
    adc_resolution: z.number().nullish(),
    bit_serial_precision: z.number().nullish(),
    input_precision: z.array(z.number().positive()).length(2).optional(),
    unit_energy: z.number().nonnegative().describe('pJ of one MAC'),
    unit_area: z.number().nonnegative().optional(),
    dimensions: z.array(z.string()).min(1),
    sizes: z.array(z.int().positive()).min(1),
  }),
})

type HardwareFile = z.infer<typeof schema>
type MemoryFile = HardwareFile['memories'][string]
type PortFile = MemoryFile['ports'][number]

const operands: Readonly<Record<z.infer<typeof memoryOperand>, Operand>> = {
  I1: 'input',
  I2: 'weight',
  O: 'output',
}
const directions: Readonly<Record<string, LinkDirection>> = {
  tl: 'to-low',
  fl: 'from-low',
  th: 'to-high',
  fh: 'from-high',
}

/**
 * Reads ZigZag's hardware YAML. Memory operand I1 is the input, I2 the weight. The array has no unrolling rule of its own:
 * ZigZag keeps it in the mapping file.
 * @throws InputError with every problem and its position
 */
export function readZigzagAccelerator(text: string, file: string): HierarchicalAccelerator {
  const { value, at } = parseYaml<HardwareFile>(text, file, schema)
  const problems: Diagnostic[] = []
  const { dimensions, sizes, is_imc, unit_energy } = value.operational_array
  if (dimensions.length !== sizes.length) {
    problems.push({
      code: 'E-ZIG-001',
      at: at(['operational_array', 'sizes']),
      message: `the array has ${dimensions.length} dimensions but ${sizes.length} sizes`,
      hint: 'give one size per dimension',
    })
  }
  if (is_imc) {
    problems.push({
      code: 'E-ZIG-002',
      at: at(['operational_array', 'is_imc']),
      message: 'in-memory computing is not modelled',
      hint: 'describe the array with unit_energy and is_imc: false',
    })
  }
  const names = Object.keys(value.memories)
  const memories = names.map((name): MemoryLevel => {
    const each = value.memories[name]
    const where = (...path: (string | number)[]) => at(['memories', name, ...path])
    problems.push(...checkCosts(name, each, where), ...checkWidths(name, each, where))
    const read = each.ports.find((p) => p.type !== 'write')
    const write = each.ports.find((p) => p.type !== 'read')
    return Object.freeze({
      name,
      sizeBits: each.size,
      readBandwidthBits: read?.bandwidth_max ?? 1,
      writeBandwidthBits: write?.bandwidth_max ?? 1,
      readGranularityBits: read?.bandwidth_min ?? 1,
      writeGranularityBits: write?.bandwidth_min ?? 1,
      readEnergyPj: each.r_cost ?? 0,
      writeEnergyPj: each.w_cost ?? 0,
      latencyCycles: each.latency,
      operands: each.operands.map((operand) => operands[operand]),
      serves: each.served_dimensions,
      ports: each.ports.map((p, portIndex): MemoryPort =>
        Object.freeze({
          name: p.name,
          type: p.type === 'read_write' ? 'read-write' : p.type,
          links: p.allocation.flatMap((word, i): DataLink[] => {
            const link = parseAllocation(word)
            if (link !== undefined) return [link]
            problems.push({
              code: 'E-ZIG-003',
              at: where('ports', portIndex, 'allocation', i),
              message: `"${word}" is no allocation of a port`,
              hint: 'write "<operand>, <direction>": I1, I2 or O; fh, tl, fl or th, e.g. "I1, tl"',
            })
            return []
          }),
        }),
      ),
    })
  })
  const accelerator: HierarchicalAccelerator = Object.freeze({
    kind: 'hierarchical-accelerator',
    name: value.name,
    array: Object.freeze({
      dimensions: dimensions.map((name, i) => ({ name, size: sizes[i] ?? 1 })),
      macEnergyPj: unit_energy,
    }),
    unrolling: {},
    memories,
  })
  problems.push(...checkHierarchy(accelerator, (path) => at(inZigzagFile(path, names))))
  if (problems.length > 0) throw new InputError(problems)
  return accelerator
}

type Where = (...path: (string | number)[]) => Position

function checkCosts(name: string, each: MemoryFile, where: Where): Diagnostic[] {
  return (['r_cost', 'w_cost'] as const)
    .filter((key) => each[key] === undefined || each[key] === null)
    .map((key) => ({
      code: 'E-ZIG-004',
      at: where(key),
      message: `memory "${name}" has no ${key}`,
      hint: each.auto_cost_extraction
        ? 'auto_cost_extraction is not done here: write the energy in pJ per access'
        : 'write the energy in pJ per access',
    }))
}

/** A memory has one width per direction in our model; ZigZag could give every port its own. */
function checkWidths(name: string, each: MemoryFile, where: Where): Diagnostic[] {
  const sides: readonly (readonly [string, (p: PortFile) => boolean])[] = [
    ['read', (p) => p.type !== 'write'],
    ['write', (p) => p.type !== 'read'],
  ]
  return sides.flatMap(([side, takes]) => {
    const first = each.ports.find(takes)
    return each.ports.flatMap((p, i): Diagnostic[] =>
      first === undefined ||
      !takes(p) ||
      (p.bandwidth_min === first.bandwidth_min && p.bandwidth_max === first.bandwidth_max)
        ? []
        : [
            {
              code: 'E-ZIG-005',
              at: where('ports', i, 'bandwidth_max'),
              message: `${side} ports of memory "${name}" differ in width: ${width(p)} of ${p.name}, ${width(first)} of ${first.name}`,
              hint: 'give all ports of one direction the same bandwidth_min and bandwidth_max',
            },
          ],
    )
  })
}

function width(p: PortFile): string {
  return `${p.bandwidth_min} to ${p.bandwidth_max} bits`
}

function parseAllocation(word: string): DataLink | undefined {
  const found = /^\s*(I1|I2|O)\s*,\s*(fh|tl|fl|th)\s*$/.exec(word)
  if (found === null) return undefined
  return Object.freeze({
    operand: operands[found[1] as keyof typeof operands],
    direction: directions[found[2]],
  })
}

/** Where a part of our accelerator stands in ZigZag's file. */
function inZigzagFile(
  path: readonly (string | number)[],
  names: readonly string[],
): (string | number)[] {
  const [room, index, key, ...rest] = path
  if (room === 'array') return ['operational_array', ...path.slice(1)]
  if (room !== 'memories' || typeof index !== 'number') return [...path]
  const memoryPath = ['memories', names[index]]
  if (key === 'serves') return [...memoryPath, 'served_dimensions', ...rest]
  if (key === 'ports' && rest.length === 3) {
    return [...memoryPath, 'ports', rest[0], 'allocation', rest[2]]
  }
  return key === undefined ? memoryPath : [...memoryPath, key, ...rest]
}
