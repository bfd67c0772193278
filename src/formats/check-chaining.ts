import type { Diagnostic, Position } from '../base/index.js'
import { storedInputSize, type Layer } from '../model/index.js'

/** What a network file may exempt from the check. */
export const uncheckedAspects = ['operands', 'channels', 'rows-and-columns'] as const
export type UncheckedAspect = (typeof uncheckedAspects)[number]

/**
 * Whether what a layer reads is what the layers before it write: number of inputs, channels, rows and columns. Stride
 * may leave a rest of fewer than `stride` rows or columns unread.
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
    return layer.inputs.flatMap((input) =>
      checkEdge(byName.get(input) as Layer, layer, unchecked, position(layer.name, 'dims')),
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
  if (!allowed.includes(layer.inputs.length) && !unchecked.has('operands')) {
    problems.push({
      code: 'E-NET-005',
      at: position(layer.name, 'inputs'),
      message: `layer "${layer.name}" (${layer.operator}) reads ${layer.inputs.length} layers, expected ${allowed.join(' or ')}`,
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

function checkEdge(
  producer: Layer,
  layer: Layer,
  unchecked: ReadonlySet<UncheckedAspect>,
  at: Position,
): Diagnostic[] {
  const { dims } = producer
  if (layer.operator === 'gemm' || layer.operator === 'batched-matmul') {
    // Matrix products may read a reshaped tensor: only the number of elements is fixed.
    const written = dims.B * dims.K * dims.G * dims.OY * dims.OX
    const { B, K, C, G, OY, OX } = layer.dims
    const read = B * C * G * OY * OX
    const second = layer.operator === 'batched-matmul' ? B * C * G * K : read
    if (written === read || written === second || unchecked.has('channels')) return []
    return [mismatch(producer, layer, at, 'elements', written, read)]
  }
  const problems: Diagnostic[] = []
  const channels = dims.K * dims.G
  const wanted =
    layer.operator === 'add'
      ? layer.dims.K * layer.dims.G * layer.dims.C
      : layer.dims.C * layer.dims.G
  if (channels !== wanted && !unchecked.has('channels')) {
    problems.push(mismatch(producer, layer, at, 'channels', channels, wanted))
  }
  if (unchecked.has('rows-and-columns')) return problems
  const stored =
    layer.operator === 'add' ? { y: layer.dims.OY, x: layer.dims.OX } : storedInputSize(layer)
  const axes = [
    ['rows', dims.OY, stored.y, layer.stride.y],
    ['columns', dims.OX, stored.x, layer.stride.x],
  ] as const
  for (const [what, has, needs, stride] of axes) {
    if (needs > has || has - needs >= stride)
      problems.push(mismatch(producer, layer, at, what, has, needs))
  }
  return problems
}

function mismatch(
  producer: Layer,
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
    message: `layer "${layer.name}" reads ${read} ${what}, but "${producer.name}" writes ${written}`,
    hint:
      code === 'E-NET-008'
        ? 'read = stride · (size − 1) + dilation · (kernel − 1) + 1 − padding'
        : 'correct the sizes, or add a layer between them',
  }
}
