import { createRng, type Rng } from '../../src/base/index.js'
import {
  hierarchicalProblem,
  standardConventions,
  type HierarchicalConventions,
  type HierarchicalProblem,
} from '../../src/cost/hierarchical/index.js'
import {
  linkDirections,
  loopDims,
  type DataLink,
  type HierarchicalAccelerator,
  type Layer,
  type LoopDim,
  type MemoryLevel,
  type MemoryPort,
  type Operand,
  type SpatialUnrolling,
  type TemporalLoop,
  type UnevenMapping,
} from '../../src/model/index.js'

/** How large random problems are. */
export interface RandomSize {
  /** Largest size of a loop; output, channel and kernel loops alike. */
  readonly loop: number
  /** Whether unrollings divide their loops. */
  readonly divisible: boolean
  /** Largest number of memories below the top one. */
  readonly memories: number
  /** Convolutions only, over these loops. */
  readonly convolution?: readonly LoopDim[]
  /** Memories below the top one hold a handful of elements, inputs among them. */
  readonly tight?: boolean
}

/** A problem and a valid mapping of it, the same for the same seed. */
export function randomCase(
  seed: number,
  size: RandomSize,
  conventions: HierarchicalConventions = standardConventions,
): { readonly problem: HierarchicalProblem; readonly mapping: UnevenMapping } {
  const rng = createRng(seed)
  const accelerator = randomAccelerator(rng, size)
  const layer = randomLayer(rng, size)
  const unrolling = randomUnrolling(rng, layer, accelerator, size)
  const problem = hierarchicalProblem(layer, accelerator, unrolling, conventions)
  return { problem, mapping: randomMapping(rng, problem) }
}

/** A random loop order and random cuts. */
export function randomMapping(rng: Rng, problem: HierarchicalProblem): UnevenMapping {
  const loops: TemporalLoop[] = []
  for (const dim of loopDims) {
    for (const factor of primeFactors(problem.temporal[dim])) {
      loops.splice(rng.below(loops.length + 1), 0, { dim, size: factor })
    }
  }
  const cuts = Object.fromEntries(
    problem.operands.map(({ operand, memories }) => [
      operand.name,
      [
        ...memories
          .slice(1)
          .map(() => rng.below(loops.length + 1))
          .sort((a, b) => a - b),
        loops.length,
      ],
    ]),
  )
  return { kind: 'uneven-mapping', spatial: problem.unrolling, loops, cuts }
}

function primeFactors(n: number): number[] {
  const factors: number[] = []
  for (let f = 2; n > 1; f++) {
    for (; n % f === 0; n /= f) factors.push(f)
  }
  return factors
}

function randomLayer(rng: Rng, size: RandomSize): Layer {
  const operator =
    size.convolution === undefined
      ? pick(rng, ['conv', 'conv', 'conv', 'gemm', 'pool', 'add', 'batched-matmul'] as const)
      : 'conv'
  const any = () => 1 + rng.below(size.loop)
  const dims: Record<LoopDim, number> = { B: 1, K: 1, C: 1, OY: 1, OX: 1, FY: 1, FX: 1, G: 1 }
  const used: Record<Layer['operator'], readonly LoopDim[]> = {
    conv: size.convolution ?? ['B', 'K', 'C', 'OY', 'OX', 'FY', 'FX', 'G'],
    gemm: ['K', 'C', 'OX'],
    pool: ['G', 'OY', 'OX', 'FY', 'FX'],
    add: ['K', 'OY', 'OX'],
    'batched-matmul': ['B', 'K', 'C', 'OX'],
  }
  for (const dim of used[operator]) dims[dim] = any()
  const slides = operator === 'conv' || operator === 'pool'
  const step = () => (slides ? 1 + rng.below(2) : 1)
  return {
    name: operator,
    operator,
    dims,
    stride: { y: step(), x: step() },
    dilation: { y: step(), x: step() },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: { input: 8, weight: 8, output: 8, partialOutput: 16 },
    inputs: [],
  }
}

function randomAccelerator(rng: Rng, size: RandomSize): HierarchicalAccelerator {
  const dimensions = Array.from({ length: 1 + rng.below(3) }, (_, i) => ({
    name: `D${i + 1}`,
    size: 1 + rng.below(4),
  }))
  const all: readonly Operand[] = ['input', 'weight', 'output']
  const served = new Set<string>()
  const memories = Array.from({ length: rng.below(size.memories + 1) }, (_, i): MemoryLevel => {
    for (const { name } of dimensions) if (rng.below(2) === 0) served.add(name)
    const operands = all.filter(() => rng.below(2) === 0)
    if (size.tight !== true) {
      return randomMemory(rng, `m${i}`, operands.length > 0 ? operands : all, [...served])
    }
    const holds = all.filter((each) => each === 'input' || operands.includes(each))
    return { ...randomMemory(rng, `m${i}`, holds, [...served]), sizeBits: 8 * (2 + rng.below(16)) }
  })
  memories.push(
    randomMemory(
      rng,
      'top',
      all,
      dimensions.map((each) => each.name),
    ),
  )
  return {
    kind: 'hierarchical-accelerator',
    name: 'random',
    array: { dimensions, macEnergyPj: 0.5, simpleOpEnergyPj: 0.25 },
    memories,
    unrolling: {},
  }
}

function randomMemory(
  rng: Rng,
  name: string,
  operands: readonly Operand[],
  serves: readonly string[],
): MemoryLevel {
  const bandwidth = 8 * 2 ** rng.below(4)
  const links = operands.flatMap((operand) =>
    linkDirections
      .filter((d) => operand === 'output' || d === 'to-low' || d === 'from-high')
      .map((direction): DataLink => ({ operand, direction })),
  )
  const reads = links.filter((link) => link.direction === 'to-low' || link.direction === 'to-high')
  const writes = links.filter((link) => !reads.includes(link))
  const wiring = rng.below(3)
  const ports: MemoryPort[] =
    wiring === 0
      ? [{ name: 'rw1', type: 'read-write', links }]
      : wiring === 1
        ? [
            { name: 'r1', type: 'read', links: reads },
            { name: 'w1', type: 'write', links: writes },
          ]
        : links.map((link, i) => ({ name: `rw${i + 1}`, type: 'read-write', links: [link] }))
  return {
    name,
    sizeBits: 8 * 2 ** (3 + rng.below(9)),
    readBandwidthBits: bandwidth,
    writeBandwidthBits: 8 * 2 ** rng.below(4),
    readGranularityBits: 8,
    writeGranularityBits: 8,
    readEnergyPj: 1 + rng.below(10),
    writeEnergyPj: 1 + rng.below(10),
    latencyCycles: 1 + rng.below(3),
    operands,
    serves,
    ports,
  }
}

function randomUnrolling(
  rng: Rng,
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  size: RandomSize,
): SpatialUnrolling {
  const free = loopDims.filter((dim) => layer.dims[dim] > 1)
  return accelerator.array.dimensions.flatMap(({ name, size: width }) => {
    if (free.length === 0 || rng.below(5) === 0) return []
    const [dim] = free.splice(rng.below(free.length), 1)
    const factors = Array.from({ length: width }, (_, i) => i + 1).filter(
      (f) => f <= layer.dims[dim] && (!size.divisible || layer.dims[dim] % f === 0),
    )
    return [{ arrayDimension: name, dim, factor: pick(rng, factors) }]
  })
}

function pick<T>(rng: Rng, values: readonly T[]): T {
  return values[rng.below(values.length)]
}
