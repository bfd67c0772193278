import type { Run } from '../model/index.js'
import {
  dataSheet,
  eyerissV2,
  generateDesign,
  hardwareOptions,
  numericStudy,
  publishedAreas,
  type HardwareOptions,
  type MeasuredArea,
  type NumberFormat,
  type NumericStudyRow,
} from '../rtl/index.js'
import { synthesize } from '../toolchains/index.js'
import type {
  Cell,
  ReproducedFigure,
  ReproducedTable,
  Reproduction,
  ReproductionResult,
} from './reproduction.js'

/** Designs that are synthesised again, in the order of the figure. */
const designs: readonly { readonly name: string; readonly options: Partial<HardwareOptions> }[] = [
  { name: 'ours, separate, FP32', options: { format: 'fp32', compute: 'separate' } },
  { name: 'ours, shared, FP32', options: { format: 'fp32' } },
  { name: 'ours, shared, FP16', options: { format: 'fp16' } },
  { name: 'ours, integer, 20-bit ticks', options: { format: 'int20' } },
  { name: 'ours, integer, 16-bit ticks', options: { format: 'int16' } },
]

const QUEUES = [4, 16, 64]
const TRIALS = 4000
const formats: readonly NumberFormat[] = ['int16', 'int20', 'fp32', 'fp16']

type Job =
  | { readonly kind: 'area'; readonly design: number }
  | { readonly kind: 'study'; readonly format: NumberFormat; readonly queue: number }

const parts = {
  'fig16-area':
    'LUT, FF and DSP of every build, relative to the released separate FP32 one (64 slots)',
  'table6-overhead': 'share of sixteen Eyeriss-V2 clusters',
  clocks: 'clocks from the end of a layer to the next start',
  decisions: 'decisions that differ from double precision, on random queues',
}

/** The hardware part of Sparse-DySta: Fig. 16, Table 6, and what they leave out. */
export const dystaHardware: Reproduction = {
  parts,
  plan(wanted) {
    const jobs: Job[] = []
    if (wanted.includes('fig16-area') || wanted.includes('table6-overhead'))
      designs.forEach((_, design) => jobs.push({ kind: 'area', design }))
    if (wanted.includes('decisions'))
      for (const format of formats)
        for (const queue of QUEUES) jobs.push({ kind: 'study', format, queue })
    return jobs
  },
  work(job, run: Run) {
    const wanted = job as Job
    if (wanted.kind === 'study') return numericStudy(wanted.format, wanted.queue, TRIALS, run)
    return measureArea(wanted.design)
  },
  assemble(wanted, jobs, results) {
    const areas = results.filter((_, i) => (jobs[i] as Job).kind === 'area') as MeasuredArea[]
    const studies = results.filter((_, i) => (jobs[i] as Job).kind === 'study') as NumericStudyRow[]
    return combine(wanted, [...publishedAreas, ...areas], studies)
  },
}

async function measureArea(design: number): Promise<MeasuredArea> {
  const { name, options } = designs[design]
  const complete = hardwareOptions(options)
  const generated = generateDesign(complete, 1, 1)
  const result = await synthesize(Object.fromEntries(generated.modules), generated.top, 'xilinx')
  const { luts, lutsAsRam, ffs, dsps, blockRams } = result
  return { design: name, slots: complete.slots, luts, lutsAsRam, ffs, dsps, blockRams, works: true }
}

function combine(
  wanted: readonly string[],
  areas: readonly MeasuredArea[],
  studies: readonly NumericStudyRow[],
): ReproductionResult {
  const figures: ReproducedFigure[] = []
  const tables: ReproducedTable[] = []
  const findings: string[] = []
  if (wanted.includes('fig16-area')) {
    figures.push(areaFigure(areas))
    tables.push(areaTable(areas))
    findings.push(...areaFindings(areas))
  }
  if (wanted.includes('table6-overhead')) tables.push(overheadTable(areas))
  if (wanted.includes('clocks')) tables.push(clockTable())
  if (wanted.includes('decisions')) {
    const table = studyTable(studies)
    tables.push(table)
    figures.push({
      name: 'decisions',
      title: 'Decisions that differ from double precision',
      caption: `${TRIALS} random queues per length. The rule, not the word width, is what separates the released hardware from the evaluated software.`,
      table,
      chart: {
        kind: 'bars',
        x: 'requests',
        y: 'differing %',
        series: 'arithmetic',
        scale: 'linear',
      },
    })
  }
  return { figures, tables, findings }
}

function areaFigure(areas: readonly MeasuredArea[]): ReproducedFigure {
  const [unit] = areas
  const rows = areas.flatMap((area): Cell[][] => [
    ['LUT', area.design, area.luts / unit.luts],
    ['FF', area.design, area.ffs / unit.ffs],
    ['DSP', area.design, area.dsps / unit.dsps],
  ])
  return {
    name: 'fig16-area',
    title: 'Area relative to the released separate FP32 build, 64 slots',
    caption:
      'Released RTL and repaired baseline as the specification measured them (the released designs cannot schedule anything); ours synthesised now, same flow.',
    table: {
      name: 'fig16-area',
      title: 'Relative area',
      columns: ['resource', 'design', 'relative'],
      rows,
    },
    chart: { kind: 'bars', x: 'design', y: 'relative', facet: 'resource', scale: 'linear' },
  }
}

function areaTable(areas: readonly MeasuredArea[]): ReproducedTable {
  return {
    name: 'area',
    title: 'Area on 7-series, 64 slots (Yosys, flattened, no pads)',
    columns: ['design', 'works', 'LUT', 'LUT as RAM', 'FF', 'DSP', 'BRAM36'],
    rows: areas.map((a) => [
      a.design,
      a.works ? 'yes' : 'no',
      a.luts,
      a.lutsAsRam,
      a.ffs,
      a.dsps,
      a.blockRams,
    ]),
  }
}

function overheadTable(areas: readonly MeasuredArea[]): ReproducedTable {
  const percent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(2)
  return {
    name: 'table6-overhead',
    title: 'Overhead against 16 Eyeriss-V2 clusters (67 136 LUT, 13 072 FF, 192 DSP)',
    columns: ['design', 'works', 'LUT %', 'FF %', 'DSP %'],
    rows: areas.map((a) => [
      a.design,
      a.works ? 'yes' : 'no',
      percent(a.luts, eyerissV2.luts),
      percent(a.ffs, eyerissV2.ffs),
      percent(a.dsps, eyerissV2.dsps),
    ]),
  }
}

function clockTable(): ReproducedTable {
  const rows = designs.map(({ name, options }): Cell[] => {
    const { hidden, visible } = dataSheet(hardwareOptions(options)).decisionClocks
    const at = (n: number): number => visible.slope * n + visible.offset
    return [name, hidden ?? 'never', at(4), at(16), at(64)]
  })
  return {
    name: 'clocks',
    title:
      'Clocks from the end of a layer to the next start: hidden, and at most with n requests waiting',
    columns: ['design', 'hidden', 'n = 4', 'n = 16', 'n = 64'],
    rows,
  }
}

function studyTable(studies: readonly NumericStudyRow[]): ReproducedTable {
  return {
    name: 'decisions',
    title: 'Decisions that differ from the double-precision rule',
    columns: ['arithmetic', 'requests', 'differing %', 'mean excess of the score'],
    rows: studies.map((s) => [
      `${s.rule === 'dysta' ? 'software rule' : 'released rule'}, ${s.format}`,
      String(s.queue),
      (100 * s.differing) / s.trials,
      s.meanRelativeExcess,
    ]),
  }
}

function areaFindings(areas: readonly MeasuredArea[]): string[] {
  const released = areas.find((a) => a.design === 'released, shared, FP16')
  const integer = areas.find((a) => a.design === 'ours, integer, 16-bit ticks')
  if (released === undefined || integer === undefined) return []
  return [
    `Confirmed: sharing the compute unit and halving the width each save area (released ${areas[0].luts} → ${areas[1].luts} → ${areas[2].luts} LUT).`,
    `Not confirmed: the released designs cannot schedule anything, so their overhead is not that of a scheduler; the one that works takes ${integer.luts} LUT, ${integer.ffs} FF and ${integer.dsps} DSP against ${released.luts}, ${released.ffs} and ${released.dsps}.`,
  ]
}
