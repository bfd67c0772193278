import { z } from 'zod'
import { InputError, type Diagnostic, type Position } from '../../base/index.js'
import { loopDims, type Layer, type LoopDim, type Workload } from '../../model/index.js'
import { parseYaml } from '../parse-yaml.js'
import {
  loopNames,
  parseEquation,
  parseRelation,
  type Equation,
  type Relation,
} from './equation.js'

const bits = z.number().nonnegative()
const layer = z.strictObject({
  id: z.int().nonnegative(),
  name: z.string().min(1).optional(),
  operator_type: z.string().min(1),
  equation: z.string(),
  dimension_relations: z.array(z.string()).nullish(),
  loop_dims: z.array(z.string()).min(1),
  loop_sizes: z.array(z.int().positive()).min(1),
  operand_precision: z.strictObject({
    W: bits.optional(),
    I: bits.optional(),
    O: bits.describe('partial sums'),
    O_final: bits,
  }),
  operand_source: z
    .strictObject({ W: z.int().nonnegative().optional(), I: z.int().nonnegative().optional() })
    .default({})
    .describe(
      'id of the layer that makes the operand; the layer’s own id: a constant or the input',
    ),
  pr_loop_dims: z.array(z.string()).nullish(),
  pr_loop_sizes: z.array(z.int().positive()).nullish(),
  padding: z.array(z.array(z.int().nonnegative()).length(2)).nullish(),
})
const schema = z.array(layer).min(1)

type LayerFile = z.infer<typeof layer>
type Where = (...path: (string | number)[]) => Position

/** How ZigZag calls a layer's operator and loops; mapping files speak of them by these names. */
export interface ZigzagNames {
  readonly operatorType: string
  readonly loops: ReadonlyMap<string, LoopDim | undefined>
}

/** A network of ZigZag's, and per layer, in the same order, its names there. */
export interface ZigzagNetwork {
  readonly workload: Workload
  readonly names: readonly ZigzagNames[]
}

/**
 * Reads ZigZag's workload YAML. Layers keep the order of the file; sizes of neighbours are not held against each other,
 * because the form has no place for padding outside `pr_loop_dims`.
 * @param name of the network: the file has none
 * @throws InputError with every problem and its position
 */
export function readZigzagWorkload(text: string, file: string, name = file): ZigzagNetwork {
  const { value, at } = parseYaml<z.infer<typeof schema>>(text, file, schema)
  const problems: Diagnostic[] = []
  const titles = new Map<number, string>()
  const taken = new Set<string>()
  const read = value.map((each, index) => {
    const where: Where = (...path) => at([index, ...path])
    const title = each.name ?? `Layer${each.id}`
    for (const [key, known, shown] of [
      ['id', titles.has(each.id), String(each.id)],
      ['name', taken.has(title) && !titles.has(each.id), `"${title}"`],
    ] as const) {
      if (known) {
        problems.push({
          code: 'E-ZIG-020',
          at: where(key),
          message: `two layers have the ${key} ${shown}`,
        })
      }
    }
    const inputs = sourcesOf(each, titles, where, problems)
    titles.set(each.id, title)
    taken.add(title)
    return layerOf(each, title, inputs, where, problems)
  })
  if (problems.length > 0) throw new InputError(problems)
  const layers = read.flatMap((each) => (each === undefined ? [] : [each]))
  return Object.freeze({
    workload: Object.freeze({ kind: 'workload', name, layers: layers.map((each) => each.layer) }),
    names: layers.map((each) => each.names),
  })
}

interface ReadLayer {
  readonly layer: Layer
  readonly names: ZigzagNames
}

function layerOf(
  each: LayerFile,
  name: string,
  inputs: Sources,
  where: Where,
  problems: Diagnostic[],
): ReadLayer | undefined {
  const equation = parseEquation(each.equation)
  if (equation === undefined) {
    problems.push({
      code: 'E-ZIG-021',
      at: where('equation'),
      message: `the equation of layer "${name}" is not understood: ${each.equation}`,
      hint: 'write one product or sum of W and I, e.g. O[b][k]+=W[k][c]*I[b][c]',
    })
  }
  const relations = (each.dimension_relations ?? []).flatMap((text, i): Relation[] => {
    const relation = parseRelation(text)
    if (relation !== undefined) return [relation]
    problems.push({
      code: 'E-ZIG-022',
      at: where('dimension_relations', i),
      message: `"${text}" is no relation of an input row or column to output and kernel`,
      hint: 'write ix=<stride>*ox+<dilation>*fx, and the same with y',
    })
    return []
  })
  if (each.loop_dims.length !== each.loop_sizes.length) {
    problems.push({
      code: 'E-ZIG-023',
      at: where('loop_sizes'),
      message: `layer "${name}" has ${each.loop_dims.length} loops but ${each.loop_sizes.length} sizes`,
    })
    return undefined
  }
  if (equation === undefined) return undefined
  const operator = operatorOf(each, equation, relations, inputs)
  const spelled = each.loop_dims.map((loop) => loop.toUpperCase())
  const loops = loopNames(spelled, equation, relations, operator === 'pool')
  const dims = Object.fromEntries(loopDims.map((dim) => [dim, 1])) as Record<LoopDim, number>
  const players = new Map<LoopDim, string>()
  spelled.forEach((loop, i) => {
    const dim = loops.get(loop)
    const size = each.loop_sizes[i]
    const other = dim === undefined ? undefined : players.get(dim)
    if (dim === undefined ? size > 1 : other !== undefined) {
      problems.push({
        code: 'E-ZIG-024',
        at: where('loop_dims', i),
        message:
          other === undefined
            ? `loop ${loop} of layer "${name}" plays no part in its equation`
            : `loops ${other} and ${loop} of layer "${name}" play the same part in its equation`,
        hint: other === undefined ? 'index the operands that it moves along' : 'make them one loop',
      })
    }
    if (dim === undefined) return
    players.set(dim, loop)
    dims[dim] = size
  })
  const { O, O_final, I, W } = each.operand_precision
  const x = relations.find((relation) => relation.axis === 'x')
  const y = relations.find((relation) => relation.axis === 'y')
  const stride = { y: y?.stride ?? 1, x: x?.stride ?? 1 }
  const dilation = { y: y?.dilation ?? 1, x: x?.dilation ?? 1 }
  const [left, right] = margins(each, 'IX', stride.x * (dims.OX - 1) + dilation.x * (dims.FX - 1))
  const [top, bottom] = margins(each, 'IY', stride.y * (dims.OY - 1) + dilation.y * (dims.FY - 1))
  return {
    layer: Object.freeze({
      name,
      operator,
      dims,
      stride,
      dilation,
      padding: { top, bottom, left, right },
      precisionBits: {
        input: I ?? W ?? O_final,
        weight: W ?? 0,
        output: O_final,
        partialOutput: O,
      },
      inputs: inputs.names,
    }),
    names: { operatorType: each.operator_type, loops },
  }
}

function operatorOf(
  each: LayerFile,
  equation: Equation,
  relations: readonly Relation[],
  inputs: Sources,
): Layer['operator'] {
  if (equation.isSum) return 'add'
  if (/pool/i.test(each.operator_type)) return 'pool'
  if (inputs.weightIsActivation) return 'batched-matmul'
  return relations.length > 0 ? 'conv' : 'gemm'
}

interface Sources {
  readonly names: readonly string[]
  readonly weightIsActivation: boolean
}

/** Layers that are read, input before weight; a layer's own id marks what comes from outside. */
function sourcesOf(
  each: LayerFile,
  earlier: ReadonlyMap<number, string>,
  where: Where,
  problems: Diagnostic[],
): Sources {
  const find = (operand: 'I' | 'W'): string[] => {
    const id = each.operand_source[operand]
    if (id === undefined || id === each.id) return []
    const name = earlier.get(id)
    if (name !== undefined) return [name]
    problems.push({
      code: 'E-ZIG-025',
      at: where('operand_source', operand),
      message: `layer ${each.id} reads ${operand} from layer ${id}, which is not before it`,
      hint: 'list layers after the layers that they read; the own id marks a constant',
    })
    return []
  }
  const weight = find('W')
  return { names: [...find('I'), ...weight], weightIsActivation: weight.length > 0 }
}

/** Zeros before and after the input along one axis; what the window never reaches is no margin. */
function margins(each: LayerFile, dim: 'IX' | 'IY', lastIndex: number): [number, number] {
  const index = each.pr_loop_dims?.indexOf(dim) ?? -1
  const [before, after] = each.padding?.[index] ?? [0, 0]
  const size = each.pr_loop_sizes?.[index]
  return [before, size === undefined ? after : Math.max(0, lastIndex + 1 - size - before)]
}
