import { createRng, formatSi, type Rng } from '../src/base/index.js'
import {
  evaluateMapping,
  hierarchicalProblem,
  MappingKernel,
  mostLanes,
  mostLoops,
  publishedConventions,
  standardConventions,
  type HierarchicalConventions,
  type HierarchicalProblem,
} from '../src/cost/hierarchical/index.js'
import { readHierarchicalAccelerator, readNetwork } from '../src/formats/index.js'
import { loopDims, type TemporalLoop, type UnevenMapping } from '../src/model/index.js'
import { readInput } from '../src/presets/index.js'
import type { BenchRow, Suite } from './bench-row.js'

const cases = [
  ['meta-prototype-df', 'fsrcnn', 2],
  ['meta-prototype-df', 'fsrcnn', 0],
  ['tpu-like', 'resnet18', 5],
  ['edge-tpu-like', 'mobilenetv1', 3],
] as const
/** Different random mappings of one layer: as many as a loop order of eight factors has at most (the published limit). */
const MAPPINGS = 40_320
/** How often all of them are evaluated, with a new kernel each time. */
const ROUNDS = 50

/** Evaluations to be timed: `round` does some, and says how many. */
interface Timed {
  readonly round: () => number
  /** Evaluations per second of processor time in the best round. */
  best: number
}

interface Case {
  readonly name: string
  readonly loops: number
  /** Rows of its tables that the kernel fills in a round. */
  readonly rows: number
  readonly full: Timed
  readonly energy: Timed
  readonly detailed: Timed
}

/**
 * Evaluations per second of the hierarchical cost model: random loop orders with random cuts, each once, with a kernel
 * that knows nothing yet, so that filling its tables is part of the figure. Not all mappings fit, which costs the same.
 * The cases take turns, so that other work on the machine, which comes and goes for seconds, falls on all of them.
 */
export const suite: Suite = async () => {
  const all = cases.flatMap((each) =>
    [publishedConventions, standardConventions].map((conventions) => caseOf(each, conventions)),
  )
  for (let i = 0; i < ROUNDS; i++) {
    for (const { full, energy, detailed } of all)
      for (const each of [full, energy, detailed]) time(each)
  }
  return all.flatMap(({ name, loops, rows, full, energy, detailed }): BenchRow[] => {
    const row = (what: string, { best }: Timed, target: string, note: string): BenchRow => ({
      name: `${name}: ${what}`,
      measured: formatSi(best, '/s'),
      target,
      published: '630/s',
      note,
    })
    const note = `${loops} loops; ${rows} table rows filled on the way`
    return [
      row('energy + latency', full, '> 1 M/s', note),
      row('energy', energy, '', ''),
      row('full breakdown', detailed, '', 'every figure, as reports show it'),
    ]
  })
}

function caseOf(
  [accelerator, network, index]: (typeof cases)[number],
  conventions: HierarchicalConventions,
): Case {
  const hardware = readInput(accelerator, 'accelerators')
  const model = readInput(network, 'networks')
  const layer = readNetwork(model.text, model.file).layers[index]
  const problem = hierarchicalProblem(
    layer,
    readHierarchicalAccelerator(hardware.text, hardware.file),
    undefined,
    conventions,
  )
  const rng = createRng(1)
  const loops = temporalLoops(problem)
  const sample = Array.from({ length: MAPPINGS }, () => randomMapping(rng, problem, loops))
  const packed = pack(problem, sample)
  const few = sample.slice(0, 300)
  return {
    name: `${accelerator} / ${network} / ${layer.name}, ${conventions.name}`,
    loops: loops.length,
    rows: evaluateAll(problem, packed, true),
    full: timed(() => evaluateAll(problem, packed, true) && MAPPINGS),
    energy: timed(() => evaluateAll(problem, packed, false) && MAPPINGS),
    detailed: timed(() => {
      for (const each of few) evaluateMapping(problem, each)
      return few.length
    }),
  }
}

function timed(round: () => number): Timed {
  return { round, best: 0 }
}

function time(what: Timed): void {
  const started = process.cpuUsage()
  const count = what.round()
  const { user, system } = process.cpuUsage(started)
  what.best = Math.max(what.best, (count * 1e6) / (user + system))
}

/** Mappings in flat arrays as the kernel has them: kinds of loops and cuts, one mapping after another. */
interface Packed {
  readonly loopCount: number
  readonly orders: Uint8Array
  readonly cuts: Int32Array
}

function pack(problem: HierarchicalProblem, mappings: readonly UnevenMapping[]): Packed {
  const kernel = kernelOf(problem, 1)
  const orders = new Uint8Array(mappings.length * mostLoops)
  const cuts = new Int32Array(mappings.length * kernel.boundaries)
  mappings.forEach((mapping, i) => {
    kernel.load(mapping)
    orders.set(kernel.order, i * mostLoops)
    cuts.set(kernel.cuts, i * kernel.boundaries)
  })
  return { loopCount: kernel.loopCount, orders, cuts }
}

/** Evaluates every mapping once with a new kernel. @returns rows of its tables that this filled */
function evaluateAll(
  problem: HierarchicalProblem,
  { loopCount, orders, cuts }: Packed,
  withLatency: boolean,
): number {
  const kernel = kernelOf(problem, mostLanes)
  kernel.loopCount = loopCount
  for (let i = 0; i < MAPPINGS; i += mostLanes) {
    kernel.order.set(orders.subarray(i * mostLoops, (i + mostLanes) * mostLoops))
    kernel.cuts.set(cuts.subarray(i * kernel.boundaries, (i + mostLanes) * kernel.boundaries))
    if (withLatency) kernel.evaluate(mostLanes)
    else kernel.evaluateEnergy(mostLanes)
  }
  return kernel.rows.size
}

/** A new kernel that numbers the loops of the problem as every other does. */
function kernelOf(problem: HierarchicalProblem, lanes: number): MappingKernel {
  const kernel = new MappingKernel(problem, lanes)
  for (const { dim, size } of temporalLoops(problem)) kernel.kindOf(dim, size)
  return kernel
}

function temporalLoops({ temporal }: HierarchicalProblem): TemporalLoop[] {
  return loopDims.flatMap((dim) => {
    const loops: TemporalLoop[] = []
    let rest = temporal[dim]
    for (let f = 2; rest > 1; f++) {
      for (; rest % f === 0; rest /= f) loops.push({ dim, size: f })
    }
    return loops
  })
}

function randomMapping(
  rng: Rng,
  problem: HierarchicalProblem,
  ordered: readonly TemporalLoop[],
): UnevenMapping {
  const loops = [...ordered]
  for (let i = loops.length - 1; i > 0; i--) {
    const j = rng.below(i + 1)
    ;[loops[i], loops[j]] = [loops[j], loops[i]]
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
