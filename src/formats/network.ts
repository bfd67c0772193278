import { z } from 'zod'
import { InputError, suggestName, type Diagnostic, type Position } from '../base/index.js'
import {
  loopDims,
  readLayers,
  type Layer,
  type LoopDim,
  type MapRead,
  type OperandRead,
  type Unroll,
  type Workload,
} from '../model/index.js'
import { checkChaining, uncheckedAspects, type UncheckedAspect } from './check-chaining.js'
import { parseYaml } from './parse-yaml.js'

const size = z.int().positive()
const perAxis = z.union([size, z.strictObject({ y: size, x: size })])
const margin = z.int().nonnegative()
const padding = z.union([
  margin,
  z.strictObject({ y: margin, x: margin }),
  z.strictObject({ top: margin, bottom: margin, left: margin, right: margin }),
])
const bits = z.number().positive()
const precision = {
  input: bits.optional(),
  weight: bits.optional(),
  output: bits.optional(),
  partialOutput: bits.optional().describe('an output element before its last accumulation'),
}
const part = z.union([
  z.string(),
  z.strictObject({
    map: z.string().nullable().describe('the layer that makes it; null = the input of the network'),
    channels: z
      .int()
      .nonnegative()
      .optional()
      .describe('of the operand; default: those that its layer writes; 0 = acts on the others'),
    through: z
      .string()
      .min(1)
      .optional()
      .describe('operator on the way that moves, selects or mixes positions, e.g. Resize'),
  }),
])
const layer = z.strictObject({
  name: z.string().min(1),
  operator: z.enum(['conv', 'gemm', 'pool', 'add', 'batched-matmul']).default('conv'),
  dims: z
    .strictObject(Object.fromEntries(loopDims.map((dim) => [dim, size.optional()])))
    .describe('iterations per loop; K and C count one group; a loop left out is 1'),
  stride: perAxis.default(1),
  dilation: perAxis.default(1),
  padding: padding.default(0).describe('rows and columns of zeros around the input'),
  precisionBits: z.strictObject(precision).optional(),
  inputs: z
    .array(z.union([part, z.array(part).min(1)]))
    .optional()
    .describe(
      'layers whose outputs are read, one per operand; a list in it is maps joined channel by channel; default: the layer before; [] = the input of the network',
    ),
  slidesInput: z
    .boolean()
    .optional()
    .describe('false for a 1×1 convolution written without kernel loops'),
  unrolling: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.strictObject(Object.fromEntries(loopDims.map((dim) => [dim, size.optional()]))),
      ),
    )
    .optional()
    .describe(
      'accelerator → array dimension → loop → factor, where the accelerator’s own rule is not wanted',
    ),
})

/** Heddle YAML of a network. */
export const networkSchema = z.strictObject({
  kind: z.literal('network'),
  name: z.string().min(1),
  precisionBits: z
    .strictObject(precision)
    .default({})
    .describe('for every layer; default 8, partial outputs 16'),
  unchecked: z
    .array(z.enum(uncheckedAspects))
    .default([])
    .describe('what need not agree between a layer and the layers it reads'),
  layers: z.array(layer).min(1),
})

type NetworkFile = z.infer<typeof networkSchema>
type LayerFile = NetworkFile['layers'][number]

/**
 * Reads a network (`kind: network`); the layers come back in topological order.
 * @throws InputError with every problem and its position
 */
export function readNetwork(text: string, file: string): Workload {
  const { value, at } = parseYaml<NetworkFile>(text, file, networkSchema)
  const problems: Diagnostic[] = []
  const layers = value.layers.map((each, index) => {
    problems.push(...checkUnrolling(each, (path) => at(['layers', index, ...path])))
    return toLayer(each, value, index)
  })
  const position = (name: string, key: string) =>
    at(['layers', layers.findIndex((each) => each.name === name), key])
  const names = layers.map((each) => each.name)
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) {
      problems.push({
        code: 'E-NET-001',
        at: at(['layers', index, 'name']),
        message: `two layers are named "${name}"`,
        hint: 'give each layer a name of its own',
      })
    }
  })
  layers.forEach((each, index) => {
    each.inputs.forEach((input) => {
      if (!names.includes(input)) {
        problems.push({
          code: 'E-NET-002',
          at: at(['layers', index, 'inputs', ...pathOf(value.layers[index].inputs, input)]),
          message: `layer "${each.name}" reads "${input}", which is no layer`,
          hint: suggestName(input, names),
        })
      }
    })
  })
  if (problems.length > 0) throw new InputError(problems)
  const ordered = topological(layers)
  if (!Array.isArray(ordered)) {
    throw new InputError({
      code: 'E-NET-003',
      at: position(ordered.cycle[0], 'inputs'),
      message: `the layers form a cycle: ${ordered.cycle.join(' ← ')}`,
      hint: 'a layer cannot depend on its own output',
    })
  }
  problems.push(...checkChaining(ordered, new Set<UncheckedAspect>(value.unchecked), position))
  if (problems.length > 0) throw new InputError(problems)
  return Object.freeze({ kind: 'workload', name: value.name, layers: ordered })
}

function toLayer(each: LayerFile, network: NetworkFile, index: number): Layer {
  const own = { ...network.precisionBits, ...each.precisionBits }
  const output = own.output ?? 8
  const dims = Object.fromEntries(loopDims.map((dim) => [dim, each.dims[dim] ?? 1]))
  const previous = index === 0 ? [] : [network.layers[index - 1].name]
  return Object.freeze({
    name: each.name,
    operator: each.operator,
    dims: dims as Record<LoopDim, number>,
    stride: both(each.stride),
    dilation: both(each.dilation),
    padding: allSides(each.padding),
    precisionBits: {
      input: own.input ?? 8,
      weight: own.weight ?? 8,
      output,
      partialOutput: own.partialOutput ?? Math.max(16, output),
    },
    ...readsOf(each.inputs, previous),
    ...(each.slidesInput === undefined ? {} : { slidesInput: each.slidesInput }),
    ...(each.unrolling === undefined ? {} : { unrolling: unrollings(each.unrolling) }),
  })
}

type InputsFile = LayerFile['inputs']

/** Layers that are read, and how they make up the operands where a plain list of names does not say it. */
function readsOf(
  inputs: InputsFile,
  previous: readonly string[],
): Pick<Layer, 'inputs'> & { readonly reads?: readonly OperandRead[] } {
  if (inputs === undefined) return { inputs: previous }
  const plain = inputs.filter((each) => typeof each === 'string')
  // A layer that reads one map twice has two operands.
  const isPlain = plain.length === inputs.length && new Set(plain).size === plain.length
  if (isPlain) return { inputs: plain }
  const reads = inputs.map((each) => (Array.isArray(each) ? each : [each]).map(mapRead))
  return { inputs: readLayers(reads), reads }
}

function mapRead(each: z.infer<typeof part>): MapRead {
  if (typeof each === 'string') return { from: each }
  const { map, channels, through } = each
  return {
    from: map,
    ...(channels === undefined ? {} : { channels }),
    ...(through === undefined ? {} : { through }),
  }
}

/** Where a layer is named in a list of inputs. */
function pathOf(inputs: InputsFile, name: string): (string | number)[] {
  const names = (each: z.infer<typeof part>): boolean => mapRead(each).from === name
  const first = inputs?.findIndex((each) => (Array.isArray(each) ? each.some(names) : names(each)))
  const found = first === undefined || first < 0 ? undefined : inputs?.[first]
  if (first === undefined || found === undefined) return []
  return Array.isArray(found) ? [first, found.findIndex(names)] : [first]
}

function both(value: number | { y: number; x: number }): { y: number; x: number } {
  return typeof value === 'number' ? { y: value, x: value } : value
}

function allSides(value: z.infer<typeof padding>): Layer['padding'] {
  if (typeof value === 'number') return { top: value, bottom: value, left: value, right: value }
  if ('top' in value) return value
  return { top: value.y, bottom: value.y, left: value.x, right: value.x }
}

function unrollings(perAccelerator: NonNullable<LayerFile['unrolling']>) {
  return Object.fromEntries(
    Object.entries(perAccelerator).map(([accelerator, perDimension]) => [
      accelerator,
      Object.entries(perDimension).flatMap(([arrayDimension, loops]) =>
        Object.entries(loops).map(([dim, factor]): Unroll => ({
          arrayDimension,
          dim: dim as LoopDim,
          factor: factor ?? 1,
        })),
      ),
    ]),
  )
}

function checkUnrolling(
  each: LayerFile,
  at: (path: (string | number)[]) => Position,
): Diagnostic[] {
  const problems: Diagnostic[] = []
  for (const [accelerator, perDimension] of Object.entries(each.unrolling ?? {})) {
    const where = new Map<string, string>()
    for (const [arrayDimension, loops] of Object.entries(perDimension)) {
      for (const loop of Object.keys(loops)) {
        const other = where.get(loop)
        if (other !== undefined) {
          problems.push({
            code: 'E-NET-004',
            at: at(['unrolling', accelerator, arrayDimension, loop]),
            message: `layer "${each.name}" unrolls loop ${loop} twice on "${accelerator}": over ${other} and over ${arrayDimension}`,
            hint: 'a loop is unrolled over one array dimension',
          })
        }
        where.set(loop, arrayDimension)
      }
    }
  }
  return problems
}

/** Layers in topological order, keeping the file's order where it is free; or the names along a cycle. */
function topological(layers: readonly Layer[]): Layer[] | { readonly cycle: readonly string[] } {
  const byName = new Map(layers.map((each) => [each.name, each]))
  const done = new Set<string>()
  const path: string[] = []
  const ordered: Layer[] = []
  const visit = (each: Layer): readonly string[] | undefined => {
    if (done.has(each.name)) return undefined
    const start = path.indexOf(each.name)
    if (start >= 0) return [...path.slice(start), each.name]
    path.push(each.name)
    for (const input of each.inputs) {
      const cycle = visit(byName.get(input) as Layer)
      if (cycle !== undefined) return cycle
    }
    path.pop()
    done.add(each.name)
    ordered.push(each)
    return undefined
  }
  for (const each of layers) {
    const cycle = visit(each)
    if (cycle !== undefined) return { cycle }
  }
  return ordered
}
