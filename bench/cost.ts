import { readFileSync } from 'node:fs'
import { formatSi, createRng } from '../src/base/index.js'
import {
  evaluateMapping,
  hierarchicalProblem,
  MappingKernel,
  publishedConventions,
} from '../src/cost/hierarchical/index.js'
import { readHierarchicalAccelerator, readNetwork } from '../src/formats/index.js'
import { loopDims, type TemporalLoop, type UnevenMapping } from '../src/model/index.js'
import { resolveInput } from '../src/presets/index.js'
import type { BenchRow, Suite } from './bench-row.js'

const cases = [
  ['meta-prototype-df', 'fsrcnn', 2],
  ['meta-prototype-df', 'fsrcnn', 0],
  ['tpu-like', 'resnet18', 5],
  ['edge-tpu-like', 'mobilenetv1', 3],
] as const

/** Evaluations per second of the hierarchical cost model: energy and latency of random orderings of real layers. */
export const suite: Suite = async () =>
  cases.flatMap(([accelerator, network, index]): BenchRow[] => {
    const hardware = readHierarchicalAccelerator(text(accelerator, 'accelerators'), accelerator)
    const layer = readNetwork(text(network, 'networks'), network).layers[index]
    const problem = hierarchicalProblem(layer, hardware, undefined, publishedConventions)
    const kernel = new MappingKernel(problem)
    const mappings = orderings(
      problem.temporal,
      problem.operands.map((each) => each.memories.length),
    )
    const loaded = mappings.map((cuts) => {
      const loops = cuts.loops
      return {
        cuts: cuts.cuts,
        dims: loops.map((l) => loopDims.indexOf(l.dim)),
        sizes: loops.map((l) => l.size),
      }
    })
    const fill = (i: number) => {
      const each = loaded[i % loaded.length]
      kernel.loopCount = each.dims.length
      for (let j = 0; j < each.dims.length; j++) {
        kernel.dims[j] = each.dims[j]
        kernel.sizes[j] = each.sizes[j]
      }
      for (let p = 0; p < each.cuts.length; p++) {
        for (let m = 0; m < each.cuts[p].length; m++)
          kernel.cuts[p * kernel.tables.stride + m] = each.cuts[p][m]
      }
    }
    const full = rate((i) => {
      fill(i)
      kernel.evaluate()
      return kernel.energyPj
    })
    const energy = rate((i) => {
      fill(i)
      kernel.evaluateEnergy()
      return kernel.energyPj
    })
    const named = mappings.map(({ loops, cuts }): UnevenMapping => ({
      kind: 'uneven-mapping',
      spatial: problem.unrolling,
      loops,
      cuts: Object.fromEntries(problem.operands.map((each, p) => [each.operand.name, cuts[p]])),
    }))
    const detailed = rate((i) => evaluateMapping(problem, named[i % named.length]).energyPj)
    const name = `${accelerator} / ${network} / ${layer.name}`
    const row = (what: string, value: number, note: string): BenchRow => ({
      name: `${name}: ${what}`,
      measured: formatSi(value, '/s'),
      target: what === 'energy + latency' ? '> 1 M/s' : '',
      published: '630/s',
      note,
    })
    return [
      row('energy + latency', full, `${loaded[0].dims.length} loops`),
      row('energy', energy, ''),
      row('full breakdown', detailed, 'every figure, as reports show it'),
    ]
  })

function text(name: string, category: 'accelerators' | 'networks'): string {
  return readFileSync(resolveInput(name, category), 'utf8')
}

/** Random loop orders with random cuts; not all fit, which costs the same. */
function orderings(
  temporal: Readonly<Record<(typeof loopDims)[number], number>>,
  levels: readonly number[],
): { loops: TemporalLoop[]; cuts: number[][] }[] {
  const rng = createRng(1)
  return Array.from({ length: 997 }, () => {
    const loops: TemporalLoop[] = []
    for (const dim of loopDims) {
      let rest = temporal[dim]
      for (let f = 2; rest > 1; f++) {
        for (; rest % f === 0; rest /= f)
          loops.splice(rng.below(loops.length + 1), 0, { dim, size: f })
      }
    }
    const cuts = levels.map((count) => [
      ...Array.from({ length: count - 1 }, () => rng.below(loops.length + 1)).sort((a, b) => a - b),
      loops.length,
    ])
    return { loops, cuts }
  })
}

/** Steps per CPU second of this thread: other work on the machine does not count. */
function rate(step: (i: number) => number): number {
  let sum = 0
  let n = 0
  for (; n < 5000;) sum += step(n++)
  const first = n
  const start = process.cpuUsage()
  let seconds = 0
  while (seconds < 0.5) {
    for (let i = 0; i < 200; i++) sum += step(n++)
    const { user, system } = process.cpuUsage(start)
    seconds = (user + system) / 1e6
  }
  if (Number.isNaN(sum)) throw new Error('not a number')
  return (n - first) / seconds
}
