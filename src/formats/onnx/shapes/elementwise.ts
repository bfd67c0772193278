import { onnxElementTypes, type OnnxElementType } from '../../../model/index.js'
import { broadcastShapes, foldElementwise } from './broadcast.js'
import { fact, type ShapeRule } from './rule.js'
import type { TensorFact } from './tensor-fact.js'

/** One output of the first input's shape and type. */
const same: ShapeRule = (context) => [fact(context.input(0).shape, context.input(0).type)]

function isInteger(type: OnnxElementType): boolean {
  return type.startsWith('int') || type.startsWith('uint')
}

function broadcasting(
  apply?: (values: readonly number[], type: OnnxElementType) => number,
  resultType?: OnnxElementType,
): ShapeRule {
  return (context) => {
    const operands = context.inputs.filter(
      (operand): operand is TensorFact => operand !== undefined,
    )
    if (operands.length === 0) context.fail('has no inputs')
    // Where takes its type from the branches; every other operator from its first operand.
    const type = resultType ?? operands[context.node.opType === 'Where' ? 1 : 0].type
    const shape = broadcastShapes(
      context,
      operands.map((operand) => operand.shape),
    )
    const value = apply && foldElementwise(operands, shape, (values) => apply(values, type))
    return [value === undefined ? fact(shape, type) : { shape, type, value }]
  }
}

function unary(apply: (x: number) => number): ShapeRule {
  return broadcasting(([x]) => apply(x))
}

/** ONNX integer division truncates toward zero. */
function divide([a, b]: readonly number[], type: OnnxElementType): number {
  return isInteger(type) ? Math.trunc(a / b) : a / b
}

const cast: ShapeRule = (context) => {
  const input = context.input(0)
  const to = context.attribute('to')
  const type = to?.kind === 'int' ? (onnxElementTypes[to.value] ?? 'undefined') : input.type
  if (input.value === undefined) return [fact(input.shape, type)]
  const value = isInteger(type) ? input.value.map(Math.trunc) : input.value
  return [{ shape: input.shape, type, value }]
}

const booleanOf = (test: (a: number, b: number) => boolean): ShapeRule =>
  broadcasting(([a, b]) => (test(a, b) ? 1 : 0), 'bool')

/** Operators that work element by element. */
export const elementwiseRules: Readonly<Record<string, ShapeRule>> = {
  Add: broadcasting(([a, b]) => a + b),
  Sub: broadcasting(([a, b]) => a - b),
  Mul: broadcasting(([a, b]) => a * b),
  Div: broadcasting(divide),
  Pow: broadcasting(([a, b]) => a ** b),
  Mod: broadcasting(([a, b]) => a - b * Math.floor(a / b)),
  Max: broadcasting((values) => Math.max(...values)),
  Min: broadcasting((values) => Math.min(...values)),
  Sum: broadcasting((values) => values.reduce((sum, x) => sum + x, 0)),
  Mean: broadcasting(),
  Where: broadcasting(([condition, a, b]) => (condition === 0 ? b : a)),
  PRelu: broadcasting(),
  BitShift: broadcasting(),
  Equal: booleanOf((a, b) => a === b),
  Greater: booleanOf((a, b) => a > b),
  GreaterOrEqual: booleanOf((a, b) => a >= b),
  Less: booleanOf((a, b) => a < b),
  LessOrEqual: booleanOf((a, b) => a <= b),
  And: booleanOf((a, b) => a !== 0 && b !== 0),
  Or: booleanOf((a, b) => a !== 0 || b !== 0),
  Xor: booleanOf((a, b) => (a !== 0) !== (b !== 0)),
  Not: broadcasting(([a]) => (a === 0 ? 1 : 0), 'bool'),
  IsNaN: broadcasting(undefined, 'bool'),
  IsInf: broadcasting(undefined, 'bool'),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary((x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary((x) => 1 / x),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sign: unary(Math.sign),
  Cast: cast,
  CastLike: (context) => [fact(context.input(0).shape, context.input(1).type)],
  Identity: (context) => [context.input(0)],
  Dropout: (context) => [context.input(0), fact(context.input(0).shape, 'bool')],
  QuantizeLinear: (context) => [fact(context.input(0).shape, context.inputs[2]?.type ?? 'uint8')],
  DequantizeLinear: (context) => [fact(context.input(0).shape, 'float')],
  DynamicQuantizeLinear: (context) => [
    fact(context.input(0).shape, 'uint8'),
    fact([], 'float'),
    fact([], 'uint8'),
  ],
  ...Object.fromEntries(
    [
      'Relu LeakyRelu Elu Selu Celu ThresholdedRelu Sigmoid HardSigmoid HardSwish Swish Mish Gelu',
      'FastGelu QuickGelu BiasGelu Tanh Softplus Softsign Erf Clip Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh',
      'Softmax LogSoftmax Hardmax Shrink CumSum Trilu LpNormalization MeanVarianceNormalization LRN',
      'InstanceNormalization GroupNormalization RMSNormalization SimplifiedLayerNormalization RotaryEmbedding Bernoulli RandomNormalLike RandomUniformLike ScatterND ScatterElements Scatter',
    ]
      .join(' ')
      .split(' ')
      .map((name) => [name, same]),
  ),
}
