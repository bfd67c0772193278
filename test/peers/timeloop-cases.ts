import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type {
  HierarchicalAccelerator,
  Layer,
  LoopDim,
  MemoryLevel,
  Operand,
  TemporalLoop,
  Unroll,
  UnevenMapping,
} from '../../src/model/index.js'

/** Figures measured with Timeloop 4cf6d4c; mapping and counts are absent where only the optimum was kept. */
export interface TimeloopCase {
  readonly id: string
  readonly machine: 'eye' | 's3'
  readonly objective: 'energy' | 'edp'
  /** Whether the search ran to the end of its space. */
  readonly exhaustive: boolean
  readonly dims: Readonly<Record<TimeloopDim, number>>
  readonly stride: number
  readonly energyPj: number
  readonly cycles: number
  readonly cpuSeconds: number | null
  /** Mappings that the search visited, and those of them that were valid. */
  readonly candidates: number
  readonly valid: number
  /** Levels from the outermost, their loops from the outermost; a third entry is the mesh axis of a spatial loop. */
  readonly nest?: readonly {
    readonly level: string
    readonly loops: readonly (readonly [TimeloopDim, number, string?])[]
  }[]
  readonly counts?: Readonly<Record<string, Readonly<Record<string, TimeloopCounts>>>>
}

/** Counts of one tensor at one level, per instance; energy of all instances. */
export interface TimeloopCounts {
  readonly words: number
  readonly instances: number
  readonly reads: number
  readonly fills: number
  readonly updates: number
  readonly energyPj: number
}

type TimeloopDim = 'K' | 'C' | 'P' | 'Q' | 'R' | 'S' | 'N'

/** All cases, by name. */
export function timeloopCases(): readonly TimeloopCase[] {
  const path = new URL('../golden/data/peers/timeloop.json.gz', import.meta.url)
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as TimeloopCase[]
}

const loopDimOf: Readonly<Record<TimeloopDim, LoopDim>> = {
  N: 'B',
  K: 'K',
  C: 'C',
  P: 'OY',
  Q: 'OX',
  R: 'FY',
  S: 'FX',
}
/** Timeloop's tensors in our names. */
export const tensorNames = { Inputs: 'input', Weights: 'weight', Outputs: 'output' } as const

const WORD_BITS = 16
const UNLIMITED_WORDS = 2 ** 20
const UNLIMITED_BITS = 2 ** 50

function memory(
  name: string,
  words: number,
  operands: readonly Operand[],
  serves: readonly string[],
  wordsPerCycle: number,
  energyPjPerWord: number,
): MemoryLevel {
  const width = wordsPerCycle * WORD_BITS
  const outputs = operands.includes('output')
  const link = (direction: 'to-low' | 'from-low' | 'to-high' | 'from-high') =>
    operands
      .filter(
        (operand) => operand === 'output' || direction === 'to-low' || direction === 'from-high',
      )
      .map((operand) => ({ operand, direction }))
  return {
    name,
    sizeBits: words * WORD_BITS,
    readBandwidthBits: width,
    writeBandwidthBits: width,
    readGranularityBits: WORD_BITS,
    writeGranularityBits: WORD_BITS,
    readEnergyPj: energyPjPerWord * wordsPerCycle,
    writeEnergyPj: energyPjPerWord * wordsPerCycle,
    latencyCycles: 1,
    operands,
    serves,
    ports: [
      {
        name: 'read',
        type: 'read',
        links: [...link('to-low'), ...(outputs ? link('to-high') : [])],
      },
      {
        name: 'write',
        type: 'write',
        links: [...link('from-high'), ...(outputs ? link('from-low') : [])],
      },
    ],
  }
}

/** Energy of a word of an on-chip memory of so many words: linear in its size (the cases' own rule). */
function sramPjPerWord(words: number): number {
  const kibibytes = (words * WORD_BITS) / 8 / 1024
  return ((6 - 1) / (100 - 0.5)) * (kibibytes - 0.5) + 1
}

function registers(name: string, words: number, operand: Operand): MemoryLevel {
  return memory(name, words, [operand], [], 2, sramPjPerWord(words))
}

const all: readonly Operand[] = ['input', 'weight', 'output']
const dram = memory('DRAM', UNLIMITED_BITS / WORD_BITS, all, ['X', 'Y'], UNLIMITED_WORDS, 200)

const machines: Readonly<Record<TimeloopCase['machine'], readonly MemoryLevel[]>> = {
  eye: [
    registers('PsumRegFile', 16, 'output'),
    registers('WeightRegFile', 192, 'weight'),
    registers('InputRegFile', 12, 'input'),
    memory('GlobalBuffer', 65536, ['input', 'output'], ['X', 'Y'], 16, sramPjPerWord(65536)),
    dram,
  ],
  s3: [
    memory('RF', 256, all, [], UNLIMITED_WORDS, 1),
    memory('GLB', 65536, all, ['X', 'Y'], UNLIMITED_WORDS, 6),
    dram,
  ],
}

/** The machine of a case: 16 × 16 units; X is the mesh axis that the global buffer's network branches along first. */
export function acceleratorOf({ machine }: TimeloopCase): HierarchicalAccelerator {
  return {
    kind: 'hierarchical-accelerator',
    name: machine,
    array: {
      dimensions: [
        { name: 'Y', size: 16 },
        { name: 'X', size: 16 },
      ],
      macEnergyPj: 1,
    },
    memories: machines[machine],
    unrolling: {},
  }
}

/** The layer of a case; Timeloop derives an unpadded input from the output. */
export function layerOf({ id, dims, stride }: TimeloopCase): Layer {
  const loops: Record<LoopDim, number> = { B: 1, K: 1, C: 1, OY: 1, OX: 1, FY: 1, FX: 1, G: 1 }
  for (const [name, size] of Object.entries(dims)) loops[loopDimOf[name as TimeloopDim]] = size
  return {
    name: id,
    operator: 'conv',
    dims: loops,
    stride: { y: stride, x: stride },
    dilation: { y: 1, x: 1 },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: {
      input: WORD_BITS,
      weight: WORD_BITS,
      output: WORD_BITS,
      partialOutput: WORD_BITS,
    },
    inputs: [],
  }
}

/** The mapping that Timeloop found: its loops inside out, and per tensor the cuts at the levels that keep it. */
export function mappingOf(golden: TimeloopCase): UnevenMapping {
  const levels = [...(golden.nest ?? [])].reverse()
  const loops: TemporalLoop[] = []
  const spatial: Unroll[] = []
  const end = new Map<string, number>()
  for (const { level, loops: own } of levels) {
    for (const [dim, size, axis] of [...own].reverse()) {
      if (axis === undefined) loops.push({ dim: loopDimOf[dim], size })
      else spatial.push({ arrayDimension: axis, dim: loopDimOf[dim], factor: size })
    }
    end.set(level, loops.length)
  }
  const cuts = Object.fromEntries(
    all.map((operand) => [
      operand,
      machines[golden.machine]
        .filter((each) => each.operands.includes(operand))
        .map(({ name }) => end.get(name) ?? 0),
    ]),
  )
  return { kind: 'uneven-mapping', spatial, loops, cuts }
}
