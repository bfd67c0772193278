import type { CostSummary, StackDetail } from '../../fuse/index.js'
import type { HierarchicalAccelerator } from '../../model/index.js'
import type { Cell, ReproducedFigure, ReproducedTable } from '../reproduction.js'
import type { Semantics, SweepPoint } from './jobs.js'

/** Diagonal points of Figs. 13 to 15. */
export const diagonal = ['1×1', '4×4', '16×18', '60×72', '240×270', '960×540'] as const
/** Points of Fig. 6. */
const typePoints = ['1×1', '16×18', '60×72', '240×270']

export type Sweeps = Readonly<Record<Semantics, readonly SweepPoint[]>>

export function table(
  name: string,
  title: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): ReproducedTable {
  return { name, title, columns, rows }
}

const label = ({ tile }: SweepPoint): string => `${tile.x}×${tile.y}`

/** One row per semantics and point. */
function rowsOf(
  sweeps: Sweeps,
  keep: readonly string[] | undefined,
  values: (point: SweepPoint, semantics: Semantics) => readonly (readonly Cell[])[],
): Cell[][] {
  return Object.entries(sweeps).flatMap(([semantics, points]) => {
    const wanted =
      keep?.map((each) => points.filter((point) => label(point) === each)).flat() ?? points
    return wanted.flatMap((point) =>
      values(point, semantics as Semantics).map((cells) => [semantics, point.mode, ...cells]),
    )
  })
}

/** Fig. 6, left: different tiles that have to be evaluated. */
export function tileTypes(sweeps: Sweeps): ReproducedFigure {
  const data = table(
    'fig6-tile-types',
    'Tile types',
    ['model', 'mode', 'tile', 'tile types'],
    rowsOf(sweeps, typePoints, (point) => [[label(point), point.summary.tileTypes]]),
  )
  return {
    name: 'fig6-tile-types',
    title: 'Fig. 6: tile types of FSRCNN on Meta-prototype-DF',
    caption:
      'Tiles that differ in size, caches or origin of their weights; all others are copies of them. Both models count the same here, because the network has no padding.',
    table: data,
    chart: {
      kind: 'bars',
      x: 'tile',
      y: 'tile types',
      series: 'mode',
      facet: 'model',
      scale: 'linear',
    },
  }
}

/** Fig. 12: energy and latency over the tile sizes. */
export function sweepGrids(sweeps: Sweeps): ReproducedFigure[] {
  return (Object.keys(sweeps) as Semantics[]).flatMap((semantics) => {
    const points = sweeps[semantics]
    const grid = (
      what: string,
      unit: string,
      value: (cost: CostSummary) => number,
    ): ReproducedFigure => ({
      name: `fig12-${what}-${semantics}`,
      title: `Fig. 12: ${what} of FSRCNN on Meta-prototype-DF (${semantics})`,
      caption: `108 points; published colour scale ${what === 'energy' ? '1.8 … 47.3 mJ' : '18 … 1026 Mcycles'}.`,
      table: table(
        `fig12-${what}-${semantics}`,
        `Fig. 12 ${what}, ${semantics}`,
        ['mode', 'tile X', 'tile Y', unit],
        points.map((point) => [point.mode, point.tile.x, point.tile.y, value(point.summary)]),
      ),
      chart: {
        kind: 'heatmap',
        x: 'tile X',
        y: 'tile Y',
        value: unit,
        facet: 'mode',
        scale: 'log',
        decimals: 1,
      },
    })
    return [
      grid('energy', 'energy [mJ]', (cost) => cost.energyPj / 1e9),
      grid('latency', 'latency [Mcycles]', (cost) => cost.latencyCycles / 1e6),
    ]
  })
}

/** Fig. 13: operations on the diagonal. */
export function macsFigure(sweeps: Sweeps): ReproducedFigure {
  return {
    name: 'fig13-macs',
    title: 'Fig. 13: MAC operations on the diagonal',
    caption:
      'Recomputing what tiles share multiplies the work of small tiles; caches do away with it.',
    table: table(
      'fig13-macs',
      'MACs',
      ['model', 'mode', 'tile', 'MACs [G]'],
      rowsOf(sweeps, diagonal, (point) => [[label(point), point.summary.macs / 1e9]]),
    ),
    chart: { kind: 'bars', x: 'tile', y: 'MACs [G]', series: 'mode', facet: 'model', scale: 'log' },
  }
}

/** Fig. 14: accesses per memory stage and kind on the diagonal. */
export function accessFigures(sweeps: Sweeps): ReproducedFigure[] {
  const stages = {
    dram: 'DRAM',
    globalBuffer: 'global buffer',
    localBuffer: 'local buffer',
  } as const
  const kinds = ['activations', 'weights', 'copies', 'total'] as const
  return (Object.keys(sweeps) as Semantics[]).flatMap((semantics) =>
    kinds.map((kind, i): ReproducedFigure => {
      const name = `fig14${'abcd'[i]}-${kind}-${semantics}`
      return {
        name,
        title: `Fig. 14${'abcd'[i]}: accesses, ${kind} (${semantics})`,
        caption: `Elements accessed at each memory stage: ${kind === 'total' ? 'all together' : kind}.`,
        table: table(
          name,
          `Accesses, ${kind}, ${semantics}`,
          ['model', 'mode', 'tile', 'memory', 'elements [M]'],
          rowsOf(sweeps, diagonal, (point) =>
            (Object.keys(stages) as (keyof typeof stages)[]).map((stage) => {
              const { copies, activations, weights } = point.stages[stage]
              const all = { copies, activations, weights, total: copies + activations + weights }
              return [label(point), stages[stage], all[kind] / 1e6]
            }),
          ).filter((row) => row[0] === semantics),
        ),
        chart: {
          kind: 'bars',
          x: 'tile',
          y: 'elements [M]',
          series: 'memory',
          facet: 'mode',
          scale: 'log',
        },
      }
    }),
  )
}

/** Fig. 15: energy and latency on the diagonal. */
export function diagonalFigures(sweeps: Sweeps): ReproducedFigure[] {
  const lines = (
    what: string,
    unit: string,
    value: (cost: CostSummary) => number,
  ): ReproducedFigure => ({
    name: `fig15-${what}`,
    title: `Fig. 15: ${what} on the diagonal`,
    caption: `The ${what} of FSRCNN on Meta-prototype-DF where both tile sides grow together.`,
    table: table(
      `fig15-${what}`,
      `Diagonal ${what}`,
      ['model', 'mode', 'tile', unit],
      rowsOf(sweeps, diagonal, (point) => [[label(point), value(point.summary)]]),
    ),
    chart: {
      kind: 'lines',
      x: 'tile',
      y: unit,
      series: 'mode',
      facet: 'model',
      xScale: 'ordinal',
      scale: 'log',
    },
  })
  return [
    lines('energy', 'energy [mJ]', (cost) => cost.energyPj / 1e9),
    lines('latency', 'latency [Mcycles]', (cost) => cost.latencyCycles / 1e6),
  ]
}

/** Fig. 9: highest memory that each operand uses, per tile type and layer. */
export function topLevels(
  details: Readonly<Record<Semantics, StackDetail>>,
  accelerator: HierarchicalAccelerator,
): ReproducedFigure[] {
  const depth = new Map(accelerator.memories.map((memory, index) => [memory.name, index]))
  // Stages from the registers to DRAM; several memories of one stage share a number.
  const stageOf = (name: string): number => {
    const memory = accelerator.memories[depth.get(name) ?? 0]
    if (memory.serves.length < accelerator.array.dimensions.length) return 1
    if (depth.get(name) === accelerator.memories.length - 1) return 4
    return memory.sizeBits > 1 << 20 ? 3 : 2
  }
  return (Object.keys(details) as Semantics[]).map((semantics) => ({
    name: `fig9-top-memories-${semantics}`,
    title: `Fig. 9: highest memory in use, tile 60×72, fully-recompute (${semantics})`,
    caption:
      '1 register, 2 local buffer, 3 global buffer, 4 DRAM: per tile type, layer and operand.',
    table: table(
      `fig9-top-memories-${semantics}`,
      `Top memories, ${semantics}`,
      ['tile type', 'layer', 'operand', 'memory', 'stage'],
      details[semantics].tileTypes.flatMap((type, i) =>
        type.steps.flatMap(({ layer, computed }): Cell[][] =>
          computed === undefined
            ? []
            : [
                ['W', computed.tops.weight ?? ''],
                ['I', computed.tops.input],
                ['O', computed.tops.output],
              ].map(([operand, memory]) => [
                `type ${i + 1}`,
                layer,
                operand,
                memory,
                stageOf(memory),
              ]),
        ),
      ),
    ),
    chart: {
      kind: 'heatmap',
      x: 'layer',
      y: 'operand',
      value: 'stage',
      facet: 'tile type',
      scale: 'linear',
      decimals: 0,
    },
  }))
}

/** Fig. 10: feature maps of tile types 2 and 3, against the buffers. */
export function workingSets(details: Readonly<Record<Semantics, StackDetail>>): ReproducedFigure {
  return {
    name: 'fig10-working-sets',
    title: 'Fig. 10: feature maps per layer, tile 60×72, fully-recompute',
    caption:
      'Input, output and both of tile types 2 and 3; the local buffer holds 64 KiB, the global one 1024 KiB.',
    table: table(
      'fig10-working-sets',
      'Working sets',
      ['tile type', 'layer', 'data', 'size [KiB]'],
      details.published.tileTypes.slice(1, 3).flatMap((type, i) =>
        type.steps.flatMap(({ layer, computed }): Cell[][] => {
          if (computed === undefined) return []
          const [input, output] = [computed.inputBits / 8192, computed.outputBits / 8192]
          return [
            [`type ${i + 2}`, layer, 'I', input],
            [`type ${i + 2}`, layer, 'O', output],
            [`type ${i + 2}`, layer, 'I+O', input + output],
          ]
        }),
      ),
    ),
    chart: {
      kind: 'bars',
      x: 'layer',
      y: 'size [KiB]',
      series: 'data',
      facet: 'tile type',
      scale: 'linear',
    },
  }
}
