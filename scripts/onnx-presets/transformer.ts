import type { ModelDraft } from '../../src/formats/onnx/index.js'
import { GraphBuilder } from './graph-builder.js'

/** Dense layer: activations times a [from, to] matrix, plus bias. */
function linear(
  g: GraphBuilder,
  scope: string,
  x: string,
  from: number,
  to: number,
  bias = true,
): string {
  const product = g.add('MatMul', [x, g.weight(`${scope}.weight`, [from, to])], {}, `/${scope}`)
  return bias ? g.add('Add', [product, g.weight(`${scope}.bias`, [to])], {}, `/${scope}`) : product
}

/** A new shape whose leading sizes are taken from `x` at run time, as exporters write it. */
function shapeLike(g: GraphBuilder, x: string, leading: number, rest: readonly number[]): string {
  const shape = g.add('Shape', [x])
  const sizes = Array.from({ length: leading }, (_, i) =>
    g.add('Unsqueeze', [
      g.add('Gather', [shape, g.integers([i], true)], { axis: { int: 0 } }),
      g.integers([0]),
    ]),
  )
  return g.add('Concat', [...sizes, g.integers(rest)], { axis: { int: 0 } })
}

/** [batch, sequence, heads·width] → [batch, heads, sequence, width] */
function splitHeads(g: GraphBuilder, x: string, heads: number, width: number): string {
  const split = g.add('Reshape', [x, shapeLike(g, x, 2, [heads, width])])
  return g.add('Transpose', [split], { perm: { ints: [0, 2, 1, 3] } })
}

function mergeHeads(g: GraphBuilder, x: string, width: number): string {
  const rows = g.add('Transpose', [x], { perm: { ints: [0, 2, 1, 3] } })
  return g.add('Reshape', [rows, shapeLike(g, rows, 2, [width])])
}

/** BERT-base encoder (Devlin et al. 2019): 12 layers, width 768, 12 heads; opset 17, symbolic batch and sequence. */
export function bertBase(): ModelDraft {
  const g = new GraphBuilder()
  const width = 768
  const heads = 12
  const norm = (scope: string, x: string): string =>
    g.add(
      'LayerNormalization',
      [x, g.weight(`${scope}.gamma`, [width]), g.weight(`${scope}.beta`, [width])],
      { axis: { int: -1 }, epsilon: { float: 1e-12 } },
      `/${scope}`,
    )
  const words = g.add(
    'Gather',
    [g.weight('embeddings.word', [30522, width]), 'input_ids'],
    { axis: { int: 0 } },
    '/embeddings',
  )
  const types = g.add(
    'Gather',
    [g.weight('embeddings.type', [2, width]), 'token_type_ids'],
    { axis: { int: 0 } },
    '/embeddings',
  )
  const length = g.add('Gather', [g.add('Shape', ['input_ids']), g.integers([1], true)], {
    axis: { int: 0 },
  })
  const positions = g.add(
    'Slice',
    [
      g.weight('embeddings.position', [512, width]),
      g.integers([0]),
      g.add('Unsqueeze', [length, g.integers([0])]),
      g.integers([0]),
    ],
    {},
    '/embeddings',
  )
  let x = norm(
    'embeddings.norm',
    g.add('Add', [g.add('Add', [words, types]), positions], {}, '/embeddings'),
  )
  for (let layer = 0; layer < 12; layer++) {
    const scope = `layer.${layer}`
    const q = splitHeads(g, linear(g, `${scope}.query`, x, width, width), heads, width / heads)
    const k = splitHeads(g, linear(g, `${scope}.key`, x, width, width), heads, width / heads)
    const v = splitHeads(g, linear(g, `${scope}.value`, x, width, width), heads, width / heads)
    const keys = g.add('Transpose', [k], { perm: { ints: [0, 1, 3, 2] } })
    const scores = g.add(
      'Div',
      [g.add('MatMul', [q, keys], {}, `/${scope}.scores`), g.scalar(8)],
      {},
      `/${scope}`,
    )
    const weights = g.add('Softmax', [scores], { axis: { int: -1 } }, `/${scope}`)
    const context = mergeHeads(g, g.add('MatMul', [weights, v], {}, `/${scope}.context`), width)
    x = norm(
      `${scope}.attention.norm`,
      g.add(
        'Add',
        [linear(g, `${scope}.attention.output`, context, width, width), x],
        {},
        `/${scope}`,
      ),
    )
    const up = linear(g, `${scope}.intermediate`, x, width, 3072)
    // The exact GELU as exporters spell it: x · ½ · (1 + erf(x / √2)).
    const error = g.add('Add', [
      g.add('Erf', [g.add('Div', [up, g.scalar(Math.SQRT2)])]),
      g.scalar(1),
    ])
    const gelu = g.add('Mul', [g.add('Mul', [up, error]), g.scalar(0.5)])
    x = norm(
      `${scope}.output.norm`,
      g.add('Add', [linear(g, `${scope}.output`, gelu, 3072, width), x], {}, `/${scope}`),
    )
  }
  const ids = (name: string) => ({
    name,
    elementType: 'int64' as const,
    dims: ['batch', 'sequence'],
  })
  return g.finish('bert-base', 17, [ids('input_ids'), ids('token_type_ids')], [x])
}

/**
 * One decoder block with the sizes of Llama 3 8B (Grattafiori et al. 2024): width 4096, 32 query and 8 key/value
 * heads, gated feed-forward of 14336, rotary embedding, key/value cache; opset 18, symbolic batch, sequence and past.
 */
export function llamaBlock(): ModelDraft {
  const g = new GraphBuilder()
  const width = 4096
  const heads = 32
  const kvHeads = 8
  const headWidth = width / heads
  const rms = (scope: string, x: string): string => {
    const square = g.add('Pow', [x, g.scalar(2)])
    const mean = g.add('ReduceMean', [square, g.integers([-1])], { keepdims: { int: 1 } })
    const root = g.add('Sqrt', [g.add('Add', [mean, g.scalar(1e-5)])])
    return g.add(
      'Mul',
      [g.add('Div', [x, root]), g.weight(`${scope}.weight`, [width])],
      {},
      `/${scope}`,
    )
  }
  const slice = (x: string, from: number, to: number): string =>
    g.add('Slice', [x, g.integers([from]), g.integers([to]), g.integers([-1])])
  const rotary = (x: string): string => {
    const turned = g.add(
      'Concat',
      [g.add('Neg', [slice(x, headWidth / 2, headWidth)]), slice(x, 0, headWidth / 2)],
      { axis: { int: -1 } },
    )
    return g.add('Add', [g.add('Mul', [x, 'cosine']), g.add('Mul', [turned, 'sine'])])
  }
  // Grouped-query attention: each key/value head serves four query heads.
  const repeat = (x: string): string => {
    const grouped = g.add('Unsqueeze', [x, g.integers([2])])
    const sizes = g.add('Shape', [grouped])
    const part = (i: number): string =>
      g.add('Slice', [sizes, g.integers([i]), g.integers([i + 1]), g.integers([0])])
    const wanted = g.add(
      'Concat',
      [part(0), part(1), g.integers([heads / kvHeads]), part(3), part(4)],
      { axis: { int: 0 } },
    )
    const wide = g.add('Expand', [grouped, wanted])
    const merged = g.add('Concat', [part(0), g.integers([heads]), part(3), part(4)], {
      axis: { int: 0 },
    })
    return g.add('Reshape', [wide, merged])
  }
  const normed = rms('input_norm', 'hidden')
  const q = rotary(
    splitHeads(g, linear(g, 'attention.query', normed, width, width, false), heads, headWidth),
  )
  const newKey = rotary(
    splitHeads(
      g,
      linear(g, 'attention.key', normed, width, kvHeads * headWidth, false),
      kvHeads,
      headWidth,
    ),
  )
  const newValue = splitHeads(
    g,
    linear(g, 'attention.value', normed, width, kvHeads * headWidth, false),
    kvHeads,
    headWidth,
  )
  const key = g.add('Concat', ['past_key', newKey], { axis: { int: 2 } }, '/cache')
  const value = g.add('Concat', ['past_value', newValue], { axis: { int: 2 } }, '/cache')
  const keys = g.add('Transpose', [repeat(key)], { perm: { ints: [0, 1, 3, 2] } })
  const scores = g.add('Mul', [
    g.add('MatMul', [q, keys], {}, '/attention.scores'),
    g.scalar(headWidth ** -0.5),
  ])
  const weights = g.add('Softmax', [scores], { axis: { int: -1 } }, '/attention')
  const context = mergeHeads(
    g,
    g.add('MatMul', [weights, repeat(value)], {}, '/attention.context'),
    width,
  )
  const attended = g.add(
    'Add',
    [linear(g, 'attention.output', context, width, width, false), 'hidden'],
    {},
    '/attention',
  )
  const second = rms('post_norm', attended)
  const gate = linear(g, 'mlp.gate', second, width, 14336, false)
  const silu = g.add('Mul', [gate, g.add('Sigmoid', [gate])], {}, '/mlp')
  const product = g.add('Mul', [silu, linear(g, 'mlp.up', second, width, 14336, false)], {}, '/mlp')
  const out = g.add(
    'Add',
    [linear(g, 'mlp.down', product, 14336, width, false), attended],
    {},
    '/mlp',
  )
  const float = (name: string, dims: readonly (string | number)[]) => ({
    name,
    elementType: 'float' as const,
    dims,
  })
  return g.finish(
    'llama3-8b-block',
    18,
    [
      float('hidden', ['batch', 'sequence', width]),
      float('cosine', ['batch', 1, 'sequence', headWidth]),
      float('sine', ['batch', 1, 'sequence', headWidth]),
      float('past_key', ['batch', kvHeads, 'past', headWidth]),
      float('past_value', ['batch', kvHeads, 'past', headWidth]),
    ],
    [out, key, value],
  )
}
