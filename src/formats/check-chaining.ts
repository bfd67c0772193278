import type { Diagnostic, Position } from '../base/index.js'
import { operandReads, storedInputSize, type Layer, type OperandRead } from '../model/index.js'

/** What a network file may exempt from the check. */
export const uncheckedAspects = ['operands', 'channels', 'rows-and-columns'] as const
export type UncheckedAspect = (typeof uncheckedAspects)[number]

/**
 * Whether what a layer reads is what the layers before it write: number of operands, channels (of joined maps all
 * together), rows and columns. Stride may leave a rest of fewer than `stride` rows or columns unread; maps that an
 * operator stands before may have any size.
 * @param position of a key of the layer of that name
 */
export function checkChaining(
  layers: readonly Layer[],
  unchecked: ReadonlySet<UncheckedAspect>,
  position: (layer: string, key: string) => Position,
): Diagnostic[] {
  const byName = new Map(layers.map((each) => [each.name, each]))
  return layers.flatMap((layer) => {
    const problems = checkInputs(layer, unchecked, position)
    if (problems.length > 0) return problems
    return operandReads(layer).flatMap((operand) =>
      checkOperand(operand, layer, byName, unchecked, position(layer.name, 'dims')),
    )
  })
}

function checkInputs(
  layer: Layer,
  unchecked: ReadonlySet<UncheckedAspect>,
  position: (layer: string, key: string) => Position,
): Diagnostic[] {
  const problems: Diagnostic[] = []
  const allowed =
    layer.operator === 'add' ? [2] : layer.operator === 'batched-matmul' ? [0, 1, 2] : [0, 1]
  const found = layer.reads?.length ?? layer.inputs.length
  if (!allowed.includes(found) && !unchecked.has('operands')) {
    problems.push({
      code: 'E-NET-005',
      at: position(layer.name, 'inputs'),
      message: `layer "${layer.name}" (${layer.operator}) reads ${found} layers, expected ${allowed.join(' or ')}`,
      ...(found > Math.max(...allowed)
        ? { hint: 'maps that are joined channel by channel are a list of their own: [[a, b]]' }
        : {}),
    })
  }
  const stored = storedInputSize(layer)
  if (stored.y < 1 || stored.x < 1) {
    problems.push({
      code: 'E-NET-006',
      at: position(layer.name, 'padding'),
      message: `the padding of layer "${layer.name}" is larger than its whole input of ${stored.y + layer.padding.top + layer.padding.bottom} rows × ${stored.x + layer.padding.left + layer.padding.right} columns`,
    })
  }
  if (layer.operator === 'pool' && (layer.dims.K > 1 || layer.dims.C > 1)) {
    problems.push({
      code: 'E-NET-009',
      at: position(layer.name, 'dims'),
      message: `layer "${layer.name}" pools, so it has no K or C loop`,
      hint: 'give its channels as G',
    })
  }
  return problems
}

function checkOperand(
  operand: OperandRead,
  layer: Layer,
  byName: ReadonlyMap<string, Layer>,
  unchecked: ReadonlySet<UncheckedAspect>,
  at: Position,
): Diagnostic[] {
  const parts = operand.flatMap((part) => {
    const producer = part.from === null ? undefined : byName.get(part.from)
    return producer === undefined ? [] : [{ ...part, producer }]
  })
  const isMatrix = layer.operator === 'gemm' || layer.operator === 'batched-matmul'
  const isKnown = operand.every(
    ({ from, channels, through }) =>
      channels !== undefined || (from !== null && through === undefined),
  )
  const problems: Diagnostic[] = []
  if (isKnown && !unchecked.has('channels')) {
    const names = parts.map(({ from }) => `"${from}"`).join(' and ')
    const { dims } = layer
    // Matrix products may read a reshaped tensor: only the number of elements is fixed.
    const outer = dims.B * dims.G * dims.C
    const wanted = isMatrix
      ? [outer * dims.OY * dims.OX, ...(layer.operator === 'gemm' ? [] : [outer * dims.K])]
      : [dims.C * dims.G * (layer.operator === 'add' ? dims.K : 1)]
    const perChannel = isMatrix ? dims.B * dims.OY * dims.OX : 1
    const written = operand.reduce((sum, { from, channels }) => {
      const made = from === null ? undefined : byName.get(from)?.dims
      if (channels !== undefined || made === undefined) return sum + (channels ?? 0) * perChannel
      return sum + made.K * made.G * (isMatrix ? made.B * made.OY * made.OX : 1)
    }, 0)
    if (parts.length > 0 && !wanted.includes(written)) {
      const what = isMatrix ? 'elements' : 'channels'
      problems.push(mismatch(names, parts.length, layer, at, what, written, wanted[0]))
    }
  }
  if (isMatrix || unchecked.has('rows-and-columns')) return problems
  const stored =
    layer.operator === 'add' ? { y: layer.dims.OY, x: layer.dims.OX } : storedInputSize(layer)
  for (const { from, channels, through, producer } of parts) {
    if (through !== undefined || channels === 0) continue
    const axes = [
      ['rows', producer.dims.OY, stored.y, layer.stride.y],
      ['columns', producer.dims.OX, stored.x, layer.stride.x],
    ] as const
    for (const [what, has, needs, stride] of axes) {
      if (needs > has || has - needs >= stride)
        problems.push(mismatch(`"${from}"`, 1, layer, at, what, has, needs))
    }
  }
  return problems
}

function mismatch(
  producers: string,
  count: number,
  layer: Layer,
  at: Position,
  what: string,
  written: number,
  read: number,
): Diagnostic {
  const code = what === 'channels' || what === 'elements' ? 'E-NET-007' : 'E-NET-008'
  return {
    code,
    at,
    message: `layer "${layer.name}" reads ${read} ${what}, but ${producers} ${count === 1 ? 'writes' : 'together write'} ${written}`,
    hint:
      code === 'E-NET-008'
        ? 'read = stride · (size − 1) + dilation · (kernel − 1) + 1 − padding'
        : 'correct the sizes, or add a layer between them',
  }
}
