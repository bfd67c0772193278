import fc from 'fast-check'
import type { Layer, OperandRead, Workload } from '../../src/model/index.js'

interface Map {
  readonly name: string | null
  readonly channels: number
  readonly width: number
  readonly height: number
}

const step = fc.record({
  kind: fc.constantFrom('conv', 'conv', 'join', 'join', 'pool', 'add', 'add-joined' as const),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  padding: fc.integer({ min: 0, max: 1 }),
  channels: fc.integer({ min: 1, max: 3 }),
  pick: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
})

/**
 * Small networks whose layers read one map, several joined ones, or two sums' operands (joined or not), with strides,
 * padding and a kernel of its own each; only the last layer is an output.
 */
export const randomNetwork: fc.Arbitrary<Workload> = fc
  .record({
    width: fc.integer({ min: 6, max: 13 }),
    height: fc.integer({ min: 5, max: 12 }),
    steps: fc.array(step, { minLength: 2, maxLength: 8 }),
  })
  .map(({ width, height, steps }) => {
    const maps: Map[] = [{ name: null, channels: 2, width, height }]
    const layers: Layer[] = []
    steps.forEach(({ kind, kernel, stride, padding, channels, pick }, s) => {
      // Recent maps are picked more often, so that most layers are needed.
      const first = maps[Math.max(0, maps.length - 1 - (pick[0] % 3))]
      const alike = maps.filter((map) => map.width === first.width && map.height === first.height)
      const others = pick.slice(1, 3).map((p) => alike[p % alike.length])
      const joined = kind === 'join' ? [first, ...others.slice(0, 1 + (pick[3] % 2))] : [first]
      const sums = kind === 'add' || kind === 'add-joined'
      const operands = sums ? sumOperands(first, alike, others, kind === 'add-joined') : [joined]
      if (operands === undefined) return
      const read = operands[0].reduce((sum, map) => sum + map.channels, 0)
      const [k, by, pad] = sums
        ? [1, 1, 0]
        : [Math.max(kernel, stride), stride, Math.min(padding, kernel - 1)]
      const out = (size: number): number => Math.floor((size + 2 * pad - k) / by) + 1
      const [OX, OY] = [out(first.width), out(first.height)]
      if (OX < 1 || OY < 1) return
      const isConv = !sums && kind !== 'pool'
      // Padding that no window reaches is none.
      const after = (size: number, made: number): number =>
        Math.max(0, (made - 1) * by + k - pad - size)
      const reads = operands.map((maps) =>
        maps.map(({ name }) => ({ from: name })),
      ) as OperandRead[]
      const name = `${kind}${s}`
      layers.push({
        name,
        operator: sums ? 'add' : isConv ? 'conv' : 'pool',
        dims: {
          B: 1,
          K: isConv ? channels : 1,
          C: isConv ? read : 1,
          G: isConv ? 1 : read,
          OX,
          OY,
          FX: k,
          FY: k,
        },
        stride: { x: by, y: by },
        dilation: { x: 1, y: 1 },
        padding: {
          left: pad,
          right: after(first.width, OX),
          top: pad,
          bottom: after(first.height, OY),
        },
        precisionBits: { input: 8, weight: 8, output: 8, partialOutput: 16 },
        inputs: [...new Set(reads.flat().flatMap(({ from }) => (from === null ? [] : [from])))],
        reads: reads.map((maps) =>
          maps.map((map) => (map.from === null ? { ...map, channels: 2 } : map)),
        ),
      })
      maps.push({ name, channels: isConv ? channels : read, width: OX, height: OY })
    })
    return { kind: 'workload' as const, name: 'random', layers: neededLayers(layers) }
  })
  .filter(({ layers }) => layers.length > 1)

/** Two operands of equal depth: single maps, or the same maps joined in another order. */
function sumOperands(
  first: Map,
  alike: readonly Map[],
  others: readonly Map[],
  joined: boolean,
): readonly (readonly Map[])[] | undefined {
  if (joined)
    return [
      [first, ...others],
      [...others, first],
    ]
  const second = alike.findLast((map) => map !== first && map.channels === first.channels)
  return second === undefined ? undefined : [[first], [second]]
}

/** Layers that the last one depends on. */
function neededLayers(layers: readonly Layer[]): Layer[] {
  const needed = new Set(layers.slice(-1).map(({ name }) => name))
  for (const { name, inputs } of layers.toReversed()) {
    if (needed.has(name)) inputs.forEach((input) => needed.add(input))
  }
  return layers.filter(({ name }) => needed.has(name))
}
