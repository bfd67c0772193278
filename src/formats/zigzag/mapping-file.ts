import { z } from 'zod'
import { InputError, type Diagnostic, type Position } from '../../base/index.js'
import { parseYaml } from '../parse-yaml.js'

const loops = z.array(z.string()).describe('loops with their factors, e.g. "K, 32"')
const memoryOperand = z.enum(['I1', 'I2', 'O'])
const rule = z.strictObject({
  name: z.string().min(1).describe('a layer’s name, an operator type, or default'),
  core_allocation: z.union([z.int(), z.array(z.int())]).optional(),
  core_allocation_is_fixed: z.boolean().optional(),
  spatial_mapping: z.record(z.string(), loops).nullish(),
  spatial_mapping_hint: z.record(z.string(), z.array(z.string())).nullish(),
  memory_operand_links: z
    .strictObject({ O: memoryOperand, W: memoryOperand, I: memoryOperand })
    .default({ O: 'O', W: 'I2', I: 'I1' }),
  temporal_ordering: z.array(z.array(z.union([z.string(), z.number()]))).nullish(),
})
const schema = z.array(rule).min(1)

/** One loop over one array dimension, by ZigZag's name of the loop. */
export interface ZigzagUnroll {
  readonly arrayDimension: string
  readonly loop: string
  readonly factor: number
  readonly at: Position
}

/** The unrolling of a layer, of the layers of an operator type, or (`default`) of all others. */
export interface ZigzagRule {
  readonly name: string
  /** Undefined where the file leaves the unrolling to the search. */
  readonly unrolls?: readonly ZigzagUnroll[]
}

/**
 * Reads ZigZag's mapping YAML: the spatial unrolling per layer name or operator type. Hints and core allocations only
 * steer ZigZag's own search and are passed over; loop orders are searched, so a fixed one is a problem.
 * @throws InputError with every problem and its position
 */
export function readZigzagMapping(text: string, file: string): readonly ZigzagRule[] {
  const { value, at } = parseYaml<z.infer<typeof schema>>(text, file, schema)
  const problems: Diagnostic[] = []
  const names = value.map((each) => each.name)
  const rules = value.map((each, index): ZigzagRule => {
    if (names.indexOf(each.name) !== index) {
      problems.push({
        code: 'E-ZIG-010',
        at: at([index, 'name']),
        message: `two mappings are named "${each.name}"`,
      })
    }
    if (each.temporal_ordering && each.temporal_ordering.length > 0) {
      problems.push({
        code: 'E-ZIG-011',
        at: at([index, 'temporal_ordering']),
        message: `mapping "${each.name}" fixes the order of the loops, which is searched here`,
        hint: 'leave temporal_ordering out',
      })
    }
    const { O, W, I } = each.memory_operand_links
    if (O !== 'O' || W !== 'I2' || I !== 'I1') {
      problems.push({
        code: 'E-ZIG-012',
        at: at([index, 'memory_operand_links']),
        message: `mapping "${each.name}" links O to ${O}, W to ${W} and I to ${I}`,
        hint: 'O: O, W: I2, I: I1 is what is modelled',
      })
    }
    if (!each.spatial_mapping) return Object.freeze({ name: each.name })
    const unrolls = Object.entries(each.spatial_mapping).flatMap(([arrayDimension, words]) =>
      words.flatMap((word, i): ZigzagUnroll[] => {
        const position = at([index, 'spatial_mapping', arrayDimension, i])
        const found = /^\s*([A-Za-z]+)\s*,\s*([1-9]\d*)\s*$/.exec(word)
        if (found !== null) {
          const loop = found[1].toUpperCase()
          return [{ arrayDimension, loop, factor: Number(found[2]), at: position }]
        }
        problems.push({
          code: 'E-ZIG-013',
          at: position,
          message: `"${word}" is no unrolled loop`,
          hint: 'write "<loop>, <factor>", e.g. "K, 32"',
        })
        return []
      }),
    )
    return Object.freeze({ name: each.name, unrolls })
  })
  if (!names.includes('default')) {
    problems.push({
      code: 'E-ZIG-014',
      at: at([]),
      message: 'no mapping is named "default"',
      hint: 'add one for the layers that no other mapping names',
    })
  }
  if (problems.length > 0) throw new InputError(problems)
  return rules
}
