import { InputError, suggestName } from '../../base/index.js'
import {
  compareAreas,
  rtlDocument,
  rtlFiles,
  rtlText,
  type RtlResult,
} from '../../report/rtl/index.js'
import {
  dataSheet,
  generateDesign,
  hardwareOptions,
  hardwarePolicies,
  numberFormats,
  type HardwareOptions,
} from '../../rtl/index.js'
import { synthesisTargets, type SynthesisTarget } from '../../toolchains/index.js'
import { commaList, distinct, wholeNumber } from '../options.js'
import { runTools } from '../rtl/run-tools.js'
import type { Verb } from '../verb.js'

/** `heddle rtl` */
export const rtl: Verb = {
  configure(command) {
    command
      .option(
        '--slots <n>',
        'requests held at a time; a power of two, 4 … 1024',
        wholeNumber(1),
        64,
      )
      .option('--rows <n>', 'table rows; a power of two, 64 … 4096', wholeNumber(1), 1024)
      .option('--format <f>', numberFormats.join(', '), 'int16')
      .option('--policy <p>', hardwarePolicies.join(', '), 'dysta')
      .option('--beta <b>', 'weight of slack and waiting in Dysta, 0 … 1', Number, 0.01)
      .option('--accelerators <k>', 'accelerators on one queue, 1 … 8', wholeNumber(1), 1)
      .option('--compute <c>', 'fp formats: shared or separate compute unit', 'shared')
      .option('--tick-shift <s>', 'a tick is 2^s clocks, 0 … 24', wholeNumber(0), 12)
      .option('--lanes <n>', 'output lanes that the monitor counts', wholeNumber(1), 3)
      .option('--lane-bits <n>', 'bits of a lane', wholeNumber(1), 16)
      .option('--test-decisions <n>', 'decisions in the test bench', wholeNumber(1), 1000)
      .option(
        '--synth <targets>',
        `area on ${synthesisTargets.join(', ')} (@yowasp/yosys)`,
        distinct(commaList),
      )
      .option('--pnr <device>', 'routed frequency on ice40 (@yowasp/nextpnr-ice40)')
      .addHelpText(
        'after',
        '\nExamples:\n  heddle rtl --slots 64 --out scheduler\n  heddle rtl --policy fs --accelerators 4 --out scheduler\n  heddle rtl --synth xilinx,ecp5 --pnr ice40',
      )
  },
  async run(session, raw) {
    const options = readOptions(raw)
    const targets = readTargets(raw)
    const testDecisions = raw['testDecisions'] as number
    const design = generateDesign(options, session.shared.seed, testDecisions)
    const sources = new Map([...design.modules, ...design.support])
    const reports =
      targets.synth.length > 0 || targets.pnr
        ? await runTools(session, design, targets.synth, targets.pnr)
        : { synthesis: [] }
    const xilinx = reports.synthesis.find((report) => report.target === 'xilinx')
    const result: RtlResult = {
      options,
      sheet: dataSheet(options),
      top: design.top,
      files: [...sources.keys()],
      testDecisions,
      ...reports,
      ...(xilinx && {
        comparison: compareAreas([
          { ...pick(xilinx), design: designName(options), slots: options.slots, works: true },
        ]),
      }),
    }
    return {
      json: rtlDocument(result),
      text: rtlText(result),
      files: async () => new Map([...sources, ...(await rtlFiles(result, session.commandLine))]),
    }
  },
}

function pick(area: {
  luts: number
  lutsAsRam: number
  ffs: number
  dsps: number
  blockRams: number
}): { luts: number; lutsAsRam: number; ffs: number; dsps: number; blockRams: number } {
  const { luts, lutsAsRam, ffs, dsps, blockRams } = area
  return { luts, lutsAsRam, ffs, dsps, blockRams }
}

function designName(options: HardwareOptions): string {
  const compute = options.format.startsWith('fp') ? `, ${options.compute}` : ''
  return `heddle ${options.policy}, ${options.format}${compute}`
}

function readOptions(raw: Readonly<Record<string, unknown>>): HardwareOptions {
  const choose = <T extends string>(option: string, allowed: readonly T[]): T => {
    const value = raw[option] as string
    const found = allowed.find((name) => name === value)
    if (found !== undefined) return found
    throw new InputError({
      code: 'E-RTL-002',
      message: `--${option} ${value}: expected ${allowed.join(', ')}`,
      hint: suggestName(value, allowed),
    })
  }
  return hardwareOptions({
    slots: raw['slots'] as number,
    rows: raw['rows'] as number,
    format: choose('format', numberFormats),
    policy: choose('policy', hardwarePolicies),
    beta: raw['beta'] as number,
    accelerators: raw['accelerators'] as number,
    compute: choose('compute', ['shared', 'separate'] as const),
    tickShift: raw['tickShift'] as number,
    lanes: raw['lanes'] as number,
    laneBits: raw['laneBits'] as number,
  })
}

function readTargets(raw: Readonly<Record<string, unknown>>): {
  readonly synth: readonly SynthesisTarget[]
  readonly pnr: boolean
} {
  const names = (raw['synth'] as string[] | undefined) ?? []
  const synth = names.map((name) => {
    const target = synthesisTargets.find((known) => known === name)
    if (target !== undefined) return target
    throw new InputError({
      code: 'E-RTL-002',
      message: `--synth ${name}: expected ${synthesisTargets.join(', ')}`,
      hint: suggestName(name, synthesisTargets),
    })
  })
  const pnr = raw['pnr'] as string | undefined
  if (pnr !== undefined && pnr !== 'ice40')
    throw new InputError({ code: 'E-RTL-002', message: `--pnr ${pnr}: expected ice40` })
  return { synth, pnr: pnr !== undefined }
}
