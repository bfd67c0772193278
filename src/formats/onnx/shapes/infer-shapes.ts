import { InputError, suggestName, type Diagnostic } from '../../../base/index.js'
import {
  fedInputs,
  nodeLabel,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../../../model/index.js'
import { convolutionRules } from './convolution.js'
import { elementwiseRules } from './elementwise.js'
import { matrixRules } from './matrix.js'
import { measureRules } from './measure.js'
import { rearrangeRules } from './rearrange.js'
import { selectRules } from './select.js'
import { ShapeError, type RuleContext, type ShapeRule } from './rule.js'
import type { TensorFact } from './tensor-fact.js'

const rules: Readonly<Record<string, ShapeRule>> = {
  ...elementwiseRules,
  ...convolutionRules,
  ...matrixRules,
  ...rearrangeRules,
  ...selectRules,
  ...measureRules,
}

/** Operators whose output shapes can be worked out. */
export const supportedOperators: readonly string[] = Object.keys(rules).sort()

export interface ShapeOptions {
  /** Sizes of symbolic dimensions by name, e.g. `{ batch: 1, sequence: 128 }`. */
  readonly bindings: Readonly<Record<string, number>>
  /** Unknown operators to treat as elementwise: one output with the shape of the first input. */
  readonly assumeElementwise: readonly string[]
}

/** Facts of every tensor of a graph, and what was assumed on the way. */
export interface InferredShapes {
  readonly facts: ReadonlyMap<string, TensorFact>
  /** Sentences a person should see: symbolic sizes that were set to 1, operators taken as elementwise. */
  readonly assumptions: readonly string[]
}

/**
 * Works out the shape of every tensor, node by node in graph order, folding the small integer arithmetic that
 * computes shapes. Shapes that the file itself states (`value_info`) are used to cross-check.
 * @throws InputError with every unknown operator, unbound dimension and contradiction, naming operator and node
 */
export function inferShapes(model: OnnxModel, file: string, options: ShapeOptions): InferredShapes {
  const problems: Diagnostic[] = []
  const assumptions: string[] = []
  const facts = new Map<string, TensorFact>()
  const report = (code: string, message: string, hint?: string): void => {
    problems.push({ code, at: { file }, message, ...(hint === undefined ? {} : { hint }) })
  }

  for (const [name, tensor] of model.graph.initializers) facts.set(name, tensorFact(tensor))
  const used = new Set<string>()
  for (const input of fedInputs(model.graph)) {
    const shape = bindShape(input, options, used, assumptions, report)
    if (shape !== undefined) facts.set(input.name, { shape, type: input.elementType })
  }
  for (const name of Object.keys(options.bindings)) {
    if (!used.has(name)) {
      report(
        'E-ONNX-011',
        `no input has a symbolic dimension named "${name}"`,
        suggestName(name, symbolicNames(model)),
      )
    }
  }
  if (problems.length > 0) throw new InputError(problems)

  const declared = new Map(model.graph.valueInfo)
  for (const output of model.graph.outputs) declared.set(output.name, output)
  const unknown = new Set<string>()
  for (const node of model.graph.nodes) {
    const rule = ruleOf(node, options, assumptions)
    if (rule === undefined) {
      if (unknown.has(node.opType)) continue
      unknown.add(node.opType)
      report(
        'E-ONNX-012',
        `operator "${node.domain ? `${node.domain}.` : ''}${node.opType}" of node "${nodeLabel(node)}" is not known`,
        `${nearOperator(node.opType)}pass --assume-elementwise ${node.opType} if it works element by element`,
      )
      continue
    }
    // After an unknown operator, nodes that depend on it have no facts: only further unknown operators matter then.
    if (unknown.size > 0 && node.inputs.some((name) => name !== '' && !facts.has(name))) continue
    try {
      const outputs = rule(createContext(node, model, facts))
      node.outputs.forEach((name, i) => {
        if (name === '' || outputs[i] === undefined) return
        crossCheck(node, name, outputs[i], declared.get(name))
        facts.set(name, outputs[i])
      })
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error
      report('E-ONNX-013', `node "${nodeLabel(node)}" (${node.opType}): ${error.message}`)
      break
    }
  }
  if (problems.length > 0) throw new InputError(problems)
  return { facts, assumptions }
}

/**
 * Facts of the outputs of one node of a known operator.
 * @throws ShapeError when its inputs do not fit
 */
export function outputFacts(
  node: OnnxNode,
  model: OnnxModel,
  facts: ReadonlyMap<string, TensorFact>,
): readonly TensorFact[] {
  const context = createContext(node, model, facts)
  const rule = (rules as Readonly<Record<string, ShapeRule | undefined>>)[node.opType]
  return rule === undefined ? context.fail('has no shape rule') : rule(context)
}

function tensorFact(tensor: OnnxTensor): TensorFact {
  const { dims, elementType, values } = tensor
  return { shape: dims, type: elementType, ...(values === undefined ? {} : { value: values }) }
}

function nearOperator(name: string): string {
  const suggestion = suggestName(name, supportedOperators)
  return suggestion.startsWith('did you mean') ? `${suggestion} Else ` : ''
}

function symbolicNames(model: OnnxModel): string[] {
  return fedInputs(model.graph).flatMap((input) =>
    (input.dims ?? []).flatMap((size, axis) =>
      typeof size === 'number' ? [] : [dimensionName(input, size, axis)],
    ),
  )
}

/** A symbolic size is known by its own name, or by tensor and axis (`input.0`) when the file gives none. */
function dimensionName(input: OnnxValueInfo, size: string | undefined, axis: number): string {
  return size === undefined || size === '' ? `${input.name}.${axis}` : size
}

function bindShape(
  input: OnnxValueInfo,
  options: ShapeOptions,
  used: Set<string>,
  assumptions: string[],
  report: (code: string, message: string, hint?: string) => void,
): number[] | undefined {
  if (input.dims === undefined) {
    report('E-ONNX-016', `the file does not say how many axes input "${input.name}" has`)
    return undefined
  }
  let complete = true
  const shape = input.dims.map((size, axis) => {
    if (typeof size === 'number') return size
    const name = dimensionName(input, size, axis)
    used.add(name)
    if (options.bindings[name] !== undefined) return options.bindings[name]
    if (axis === 0) {
      const note = `the batch dimension "${name}" is taken as 1 (set it with --bind ${name}=N)`
      if (!assumptions.includes(note)) assumptions.push(note)
      return 1
    }
    complete = false
    report(
      'E-ONNX-010',
      `axis ${axis} of input "${input.name}" is the symbolic dimension "${name}", which has no size`,
      `pass --bind ${name}=N`,
    )
    return 0
  })
  return complete ? shape : undefined
}

function ruleOf(
  node: OnnxNode,
  options: ShapeOptions,
  assumptions: string[],
): ShapeRule | undefined {
  if (node.opType === 'Constant') return constantRule
  const own = (rules as Readonly<Record<string, ShapeRule | undefined>>)[node.opType]
  if (own !== undefined) return own
  if (!options.assumeElementwise.includes(node.opType)) return undefined
  assumptions.push(`operator "${node.opType}" is taken as elementwise`)
  return (context) =>
    node.outputs.map(() => ({ shape: context.input(0).shape, type: context.input(0).type }))
}

const constantRule: ShapeRule = (context) => {
  for (const name of ['value', 'value_int', 'value_float', 'value_ints', 'value_floats']) {
    const given = context.attribute(name)
    if (given === undefined) continue
    if (given.kind === 'tensor') {
      return [tensorFact(given.value)]
    }
    if (given.kind === 'int') return [{ shape: [], type: 'int64', value: [given.value] }]
    if (given.kind === 'float') return [{ shape: [], type: 'float', value: [given.value] }]
    if (given.kind === 'ints')
      return [{ shape: [given.value.length], type: 'int64', value: given.value }]
    if (given.kind === 'floats')
      return [{ shape: [given.value.length], type: 'float', value: given.value }]
  }
  return context.fail('holds no number')
}

/** A node as a shape rule sees it. */
export function createContext(
  node: OnnxNode,
  model: OnnxModel,
  facts: ReadonlyMap<string, TensorFact>,
): RuleContext {
  const fail = (message: string): never => {
    throw new ShapeError(message)
  }
  const inputs = node.inputs.map((name) =>
    name === ''
      ? undefined
      : (facts.get(name) ?? fail(`its input "${name}" is made by no earlier node`)),
  )
  const input = (i: number): TensorFact => inputs[i] ?? fail(`input ${i} is missing`)
  const attribute: RuleContext['attribute'] = (name) => node.attributes.get(name)
  return {
    node,
    opset: model.opsets.get(node.domain) ?? model.opsets.get('') ?? 1,
    inputs,
    input,
    constant(i, what) {
      return (
        input(i).value ??
        fail(
          `its ${what} ("${node.inputs[i]}") is not a constant of the model, so the output shape depends on the data`,
        )
      )
    },
    int(name, fallback) {
      const given = attribute(name)
      return given?.kind === 'int' ? given.value : fallback
    },
    ints(name) {
      const given = attribute(name)
      return given?.kind === 'ints' ? given.value : undefined
    },
    text(name, fallback) {
      const given = attribute(name)
      return given?.kind === 'string' ? given.value : fallback
    },
    attribute,
    fail,
  }
}

/** @throws ShapeError when the file states another size for a fixed axis than what the operator gives */
function crossCheck(
  node: OnnxNode,
  name: string,
  found: TensorFact,
  stated: OnnxValueInfo | undefined,
): void {
  if (stated?.dims === undefined) return
  const contradicts =
    stated.dims.length !== found.shape.length ||
    stated.dims.some(
      (size, axis) => typeof size === 'number' && size > 0 && size !== found.shape[axis],
    )
  if (contradicts) {
    throw new ShapeError(
      `the file says that "${name}" has shape [${stated.dims.join(', ')}], ${node.opType} gives [${found.shape.join(', ')}]`,
    )
  }
}
