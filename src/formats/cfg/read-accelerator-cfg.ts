import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import {
  operands,
  stationarities,
  type Operand,
  type Stationarity,
  type TableAccelerator,
  type TableArray,
  type TableBuffer,
} from '../../model/index.js'
import { parseCfg, type CfgSection } from './parse-cfg.js'
import { indexSections, SettingReader } from './setting-reader.js'

const SECTIONS = [
  'ACCELERATOR',
  'REGISTER',
  'MAC_ARRAY',
  'LOCAL_BUFFER',
  'PE_ARRAY',
  'GLOBAL_BUFFER',
  'MULTI_CHIPS',
  'DRAM',
]
const BUFFER_KEYS = [
  'TYPE',
  'BUFFER_SIZE',
  'SIZE',
  'DATAFLOW',
  'BYPASS',
  'UNIT_ACCESS_ENERGY',
  'UNIT_STATIC_POWER',
  'UNIT_CYCLE',
  'BANDWIDTH',
]

/**
 * Reads an accelerator file of the published tool (specification §2).
 * @throws InputError with every problem of the file
 */
export function readAcceleratorCfg(text: string, file: string): TableAccelerator {
  const problems: Diagnostic[] = []
  const sections = indexSections(parseCfg(text, file), SECTIONS, problems)
  const head = sections.get('ACCELERATOR')
  for (const name of ['ACCELERATOR', 'LOCAL_BUFFER', 'DRAM']) {
    if (!sections.has(name)) {
      problems.push({ code: 'E-CFG-008', at: { file }, message: `section [${name}] is missing` })
    }
  }
  const buffer = (name: string): TableBuffer | undefined => {
    const section = sections.get(name)
    return section && readBuffer(section, problems)
  }
  const array = (name: string): TableArray | undefined => {
    const section = sections.get(name)
    return section && readArray(section, problems)
  }
  const general = head ? readHead(head, problems) : undefined
  const register = buffer('REGISTER')
  const macArray = array('MAC_ARRAY')
  const localBuffer = buffer('LOCAL_BUFFER')
  const peArray = array('PE_ARRAY')
  const globalBuffer = buffer('GLOBAL_BUFFER')
  const chips = array('MULTI_CHIPS')
  const dram = buffer('DRAM')
  if (problems.length > 0 || !general || !localBuffer || !dram) throw new InputError(problems)
  return Object.freeze({
    kind: 'table-accelerator',
    ...general,
    ...(register ? { register } : {}),
    ...(macArray ? { macArray } : {}),
    localBuffer,
    ...(peArray ? { peArray } : {}),
    ...(globalBuffer ? { globalBuffer } : {}),
    ...(chips ? { chips } : {}),
    dram,
  })
}

function readHead(
  section: CfgSection,
  problems: Diagnostic[],
): Pick<
  TableAccelerator,
  'name' | 'precisionBits' | 'clockMhz' | 'macEnergyPj' | 'macStaticPowerMw'
> {
  const keys = ['NAME', 'PRECISION', 'FREQUENCY', 'UNIT_MAC_ENERGY', 'UNIT_MAC_STATIC']
  const read = new SettingReader(section, keys, problems)
  if (!read.get('FREQUENCY')) {
    read.report(
      section.at,
      'E-CFG-009',
      'FREQUENCY is missing in [ACCELERATOR]',
      'give the clock in MHz',
    )
  }
  return {
    name: read.get('NAME')?.value.toLowerCase() ?? '',
    precisionBits: readPrecision(read),
    clockMhz: read.number('FREQUENCY', 1, 0, true),
    macEnergyPj: read.number('UNIT_MAC_ENERGY', 1),
    macStaticPowerMw: read.number('UNIT_MAC_STATIC', 0),
  }
}

function readPrecision(read: SettingReader): number {
  const setting = read.get('PRECISION')
  if (setting === undefined) return 8
  const bits = Number(/^[a-z]*(\d{1,4})$/i.exec(setting.value)?.[1] ?? NaN)
  if (bits >= 1) return bits
  read.report(
    setting.valueAt,
    'E-CFG-016',
    `PRECISION is "${setting.value}": expected a number of bits, with or without a type before it`,
    'for example INT16 or 8',
  )
  return 8
}

function readArray(section: CfgSection, problems: Diagnostic[]): TableArray {
  const read = new SettingReader(section, ['TYPE', 'SIZE_X', 'SIZE_Y'], problems)
  return Object.freeze({ x: read.whole('SIZE_X', 1), y: read.whole('SIZE_Y', 1) })
}

function readBuffer(section: CfgSection, problems: Diagnostic[]): TableBuffer {
  const read = new SettingReader(section, BUFFER_KEYS, problems)
  const unbounded = section.name === 'DRAM'
  const inert = section.name === 'REGISTER'
  // SIZE overrides BUFFER_SIZE, as in the published tool.
  const sizeKey = read.get('SIZE') ? 'SIZE' : 'BUFFER_SIZE'
  const sizeBytes = read.perOperand(sizeKey, true)
  const dataflow = read.word('DATAFLOW', stationarities, 'none')
  if (!unbounded && !read.get(sizeKey)) {
    read.report(
      section.at,
      'E-CFG-009',
      `BUFFER_SIZE is missing in [${section.name}]`,
      'give one size in bytes, or three',
    )
  }
  if (!inert && !read.get('BANDWIDTH')) {
    read.report(
      section.at,
      'E-CFG-009',
      `BANDWIDTH is missing in [${section.name}]`,
      'give the bits per transfer',
    )
  }
  return Object.freeze({
    ...(sizeBytes ? { sizeBytes } : {}),
    dataflow,
    bypass: readBypass(read, dataflow),
    accessEnergyPj: read.perOperand('UNIT_ACCESS_ENERGY') ?? ([0, 0, 0] as const),
    staticPowerMw: read.perOperand('UNIT_STATIC_POWER') ?? ([0, 0, 0] as const),
    cyclesPerTransfer: read.perOperand('UNIT_CYCLE') ?? ([0, 0, 0] as const),
    bandwidthBits: read.number('BANDWIDTH', 1, 0, true),
  })
}

function readBypass(read: SettingReader, dataflow: Stationarity): Operand[] {
  const setting = read.get('BYPASS')
  if (setting === undefined || setting.value.toLowerCase() === 'none') return []
  const found: Operand[] = []
  for (const word of setting.value.toLowerCase().split(',')) {
    const operand = operands.find((each) => each === word)
    if (operand === undefined) {
      read.report(
        setting.valueAt,
        'E-CFG-015',
        `BYPASS holds "${word}"`,
        suggestName(word, operands),
      )
    } else if (!found.includes(operand)) {
      found.push(operand)
    }
  }
  const stationary = { is: 'input', ws: 'weight', os: 'output', none: undefined } as const
  const held = stationary[dataflow]
  if (held !== undefined && found.includes(held)) {
    read.report(
      setting.valueAt,
      'E-CFG-017',
      `[${read.section.name}] keeps the ${held} stationary and lets it bypass`,
      'an operand held still must be stored there: change DATAFLOW or BYPASS',
    )
  }
  return found
}
