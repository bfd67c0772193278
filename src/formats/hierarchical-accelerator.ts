import { z } from 'zod'
import { InputError, suggestName, type Diagnostic } from '../base/index.js'
import {
  linkDirections,
  loopDims,
  type DataLink,
  type HierarchicalAccelerator,
  type LinkDirection,
  type MemoryLevel,
  type MemoryPort,
  type Operand,
} from '../model/index.js'
import { checkHierarchy } from './check-hierarchy.js'
import { parseYaml } from './parse-yaml.js'

const operand = z.enum(['input', 'weight', 'output'])
const side = z.strictObject({
  bits: z.number().positive().describe('width of one port per cycle'),
  granularityBits: z
    .number()
    .positive()
    .optional()
    .describe('smallest slice that can be accessed and paid for; default: the full width'),
  energyPj: z.number().nonnegative().describe('energy of one access of the full width'),
})
const exchange = z
  .number()
  .nonnegative()
  .optional()
  .describe(
    'the same in exchange with the memory above: an interconnect on the way; default: energyPj',
  )
const links = z
  .array(z.string())
  .describe(
    'data links in the order in which they share the port: "<operand> <direction>", directions to-low, from-high, to-high, from-low',
  )
const port = z.union([
  z.strictObject({ read: links }),
  z.strictObject({ write: links }),
  z.strictObject({ 'read-write': links }),
])
const memory = z.strictObject({
  name: z.string().min(1),
  sizeBits: z.number().positive().describe('capacity of one instance'),
  operands: z
    .array(operand)
    .min(1)
    .describe('what it holds, in the order in which a search fills it'),
  serves: z
    .union([z.literal('all'), z.array(z.string())])
    .describe(
      'array dimensions along which one instance feeds or collects for all units; [] = one per unit',
    ),
  mayBypass: z
    .array(operand)
    .optional()
    .describe('operands that may pass by this memory; a search decides'),
  read: side.extend({ toHighEnergyPj: exchange }),
  write: side.extend({ fromHighEnergyPj: exchange }),
  latencyCycles: z.number().nonnegative().default(1),
  ports: z.array(port).min(1),
})

/** Heddle YAML of a hierarchical accelerator. */
export const hierarchicalAcceleratorSchema = z.strictObject({
  kind: z.literal('hierarchical-accelerator'),
  name: z.string().min(1),
  array: z.strictObject({
    dimensions: z
      .record(z.string(), z.int().positive())
      .describe('size per array dimension, in order'),
    macEnergyPj: z.number().nonnegative(),
    simpleOpEnergyPj: z
      .number()
      .nonnegative()
      .optional()
      .describe(
        'energy of an addition or comparison (pooling, residual add); default: that of a MAC',
      ),
  }),
  unrolling: z
    .record(z.string(), z.array(z.enum(loopDims)).min(1))
    .default({})
    .describe(
      'per array dimension the loops it prefers: the first that a layer has is unrolled as far as it goes',
    ),
  memories: z.array(memory).min(1).describe('innermost first'),
  clockMhz: z.number().positive().optional(),
})

type AcceleratorFile = z.infer<typeof hierarchicalAcceleratorSchema>

/**
 * Reads a hierarchical accelerator (`kind: hierarchical-accelerator`).
 * @throws InputError with every problem and its position
 */
export function readHierarchicalAccelerator(text: string, file: string): HierarchicalAccelerator {
  const { value, at } = parseYaml<AcceleratorFile>(text, file, hierarchicalAcceleratorSchema)
  const problems: Diagnostic[] = []
  const dimensions = Object.entries(value.array.dimensions).map(([name, size]) => ({ name, size }))
  const memories = value.memories.map((each, index): MemoryLevel => {
    const counters = { read: 0, write: 0, 'read-write': 0 }
    const ports = each.ports.map((entry, portIndex): MemoryPort => {
      const type = (Object.keys(entry) as MemoryPort['type'][])[0]
      counters[type]++
      const words = (entry as Record<string, string[]>)[type]
      return Object.freeze({
        name: `${{ read: 'r', write: 'w', 'read-write': 'rw' }[type]}${counters[type]}`,
        type,
        links: words.flatMap((word, linkIndex) => {
          const link = parseLink(word)
          if (typeof link !== 'string') return [link]
          problems.push({
            code: 'E-ARC-001',
            at: at(['memories', index, 'ports', portIndex, type, linkIndex]),
            message: `"${word}" is no data link`,
            hint: link,
          })
          return []
        }),
      })
    })
    return Object.freeze({
      name: each.name,
      sizeBits: each.sizeBits,
      readBandwidthBits: each.read.bits,
      writeBandwidthBits: each.write.bits,
      readGranularityBits: each.read.granularityBits ?? each.read.bits,
      writeGranularityBits: each.write.granularityBits ?? each.write.bits,
      readEnergyPj: each.read.energyPj,
      writeEnergyPj: each.write.energyPj,
      ...optional('toHighEnergyPj', each.read.toHighEnergyPj),
      ...optional('fromHighEnergyPj', each.write.fromHighEnergyPj),
      latencyCycles: each.latencyCycles,
      operands: each.operands,
      ...optional('mayBypass', each.mayBypass),
      serves: each.serves === 'all' ? dimensions.map((d) => d.name) : each.serves,
      ports,
    })
  })
  const accelerator: HierarchicalAccelerator = Object.freeze({
    kind: 'hierarchical-accelerator',
    name: value.name,
    array: Object.freeze({
      dimensions,
      macEnergyPj: value.array.macEnergyPj,
      ...optional('simpleOpEnergyPj', value.array.simpleOpEnergyPj),
    }),
    memories,
    unrolling: value.unrolling,
    ...optional('clockMhz', value.clockMhz),
  })
  problems.push(...checkHierarchy(accelerator, at))
  if (problems.length > 0) throw new InputError(problems)
  return accelerator
}

/** A field only where the file has it. */
function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V })
}

/** `weight to-low` → the link, or what is wrong with it. */
function parseLink(word: string): DataLink | string {
  const [who, what, ...rest] = word.trim().split(/\s+/)
  if (rest.length > 0 || what === undefined)
    return 'write "<operand> <direction>", e.g. "weight to-low"'
  if (!operand.options.includes(who as Operand)) return suggestName(who, operand.options)
  if (!linkDirections.includes(what as LinkDirection)) return suggestName(what, linkDirections)
  return Object.freeze({ operand: who as Operand, direction: what as LinkDirection })
}
