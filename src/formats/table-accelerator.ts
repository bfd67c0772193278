import { z } from 'zod'
import { InputError, type Diagnostic, type Position } from '../base/index.js'
import {
  stationarities,
  type Operand,
  type PerOperand,
  type TableAccelerator,
  type TableBuffer,
} from '../model/index.js'
import { parseYaml } from './parse-yaml.js'

const oneOrThree = 'expected one number for all operands, or three: input, weight, output'
const values = z.union(
  [
    z.number().nonnegative(),
    z.tuple([z.number().nonnegative(), z.number().nonnegative(), z.number().nonnegative()]),
  ],
  { error: oneOrThree },
)
const sizes = z.union(
  [
    z.number().positive(),
    z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
  ],
  { error: `${oneOrThree}; each above 0` },
)
const array = z.strictObject({ x: z.int().positive(), y: z.int().positive() })
const buffer = z.strictObject({
  sizeBytes: sizes
    .optional()
    .describe('one number: a buffer shared by the operands; three: input, weight, output'),
  dataflow: z
    .enum(stationarities)
    .default('none')
    .describe('operand held still: is input, ws weight, os output'),
  bypass: z
    .array(z.enum(['input', 'weight', 'output']))
    .default([])
    .describe('operands that pass by this level'),
  accessEnergyPj: values.describe('per element; one number for all operands, or three'),
  staticPowerMw: values.default(0).describe('per instance; of a shared buffer, the largest counts'),
  cyclesPerTransfer: values.default(1),
  bandwidthBits: z.number().positive().describe('bits per transfer'),
})

/** Heddle YAML of an accelerator of the scheduling-table model. */
export const tableAcceleratorSchema = z.strictObject({
  kind: z.literal('table-accelerator'),
  name: z.string().min(1),
  precisionBits: z.int().positive().describe('bits per element of every operand'),
  clockMhz: z.number().positive(),
  mac: z.strictObject({
    energyPj: z.number().nonnegative().describe('per multiply-accumulate'),
    staticPowerMw: z.number().nonnegative().default(0).describe('per MAC unit'),
  }),
  register: buffer
    .optional()
    .describe('known to the published semantics only, where it is free and holds no loops'),
  macArray: array.optional().describe('MAC units of a PE'),
  localBuffer: buffer.describe('of a PE'),
  peArray: array.optional().describe('PEs of a chip'),
  globalBuffer: buffer.optional().describe('of a chip'),
  chips: array.optional(),
  dram: buffer,
})

type AcceleratorFile = z.infer<typeof tableAcceleratorSchema>
type BufferFile = z.infer<typeof buffer>

/**
 * Reads an accelerator of the scheduling-table model (`kind: table-accelerator`).
 * @throws InputError with every problem and its position
 */
export function readTableAccelerator(text: string, file: string): TableAccelerator {
  const { value, at } = parseYaml<AcceleratorFile>(text, file, tableAcceleratorSchema)
  const problems = (['register', 'localBuffer', 'globalBuffer'] as const).flatMap((name) =>
    checkBuffer(name, value[name], at),
  )
  if (problems.length > 0) throw new InputError(problems)
  return Object.freeze({
    kind: 'table-accelerator',
    name: value.name,
    precisionBits: value.precisionBits,
    clockMhz: value.clockMhz,
    macEnergyPj: value.mac.energyPj,
    macStaticPowerMw: value.mac.staticPowerMw,
    ...(value.register ? { register: toBuffer(value.register) } : {}),
    ...(value.macArray ? { macArray: value.macArray } : {}),
    localBuffer: toBuffer(value.localBuffer),
    ...(value.peArray ? { peArray: value.peArray } : {}),
    ...(value.globalBuffer ? { globalBuffer: toBuffer(value.globalBuffer) } : {}),
    ...(value.chips ? { chips: value.chips } : {}),
    dram: toBuffer(value.dram),
  })
}

function toBuffer(b: BufferFile): TableBuffer {
  return Object.freeze({
    ...(b.sizeBytes === undefined ? {} : { sizeBytes: list(b.sizeBytes) }),
    dataflow: b.dataflow,
    bypass: Object.freeze([...new Set(b.bypass)]),
    accessEnergyPj: list(b.accessEnergyPj),
    staticPowerMw: list(b.staticPowerMw),
    cyclesPerTransfer: list(b.cyclesPerTransfer),
    bandwidthBits: b.bandwidthBits,
  })
}

function list(value: number | [number, number, number]): PerOperand {
  return typeof value === 'number' ? [value] : value
}

function checkBuffer(
  name: string,
  b: BufferFile | undefined,
  at: (path: string[]) => Position,
): Diagnostic[] {
  if (b === undefined) return []
  const problems: Diagnostic[] = []
  if (b.sizeBytes === undefined) {
    problems.push({
      code: 'E-ACC-010',
      at: at([name]),
      message: `${name} has no sizeBytes`,
      hint: 'give one size in bytes, or three (input, weight, output); only DRAM is unbounded',
    })
  }
  const held: Operand | undefined = { is: 'input', ws: 'weight', os: 'output', none: undefined }[
    b.dataflow
  ] as Operand | undefined
  if (held !== undefined && b.bypass.includes(held)) {
    problems.push({
      code: 'E-ACC-011',
      at: at([name, 'bypass']),
      message: `${name} keeps the ${held} stationary and lets it bypass`,
      hint: 'an operand held still must be stored there: change dataflow or bypass',
    })
  }
  return problems
}

/** YAML of an accelerator, as {@link readTableAccelerator} reads it. */
export function writeTableAccelerator(a: TableAccelerator): string {
  const one = (v: PerOperand): string => (v.length === 1 ? String(v[0]) : `[${v.join(', ')}]`)
  const side = (name: string, v: { readonly x: number; readonly y: number } | undefined) =>
    v ? [`${name}: { x: ${v.x}, y: ${v.y} }`] : []
  const level = (name: string, b: TableBuffer | undefined): string[] =>
    b
      ? [
          `${name}:`,
          ...(b.sizeBytes ? [`  sizeBytes: ${one(b.sizeBytes)}`] : []),
          ...(b.dataflow === 'none' ? [] : [`  dataflow: ${b.dataflow}`]),
          ...(b.bypass.length > 0 ? [`  bypass: [${b.bypass.join(', ')}]`] : []),
          `  accessEnergyPj: ${one(b.accessEnergyPj)}`,
          `  staticPowerMw: ${one(b.staticPowerMw)}`,
          `  cyclesPerTransfer: ${one(b.cyclesPerTransfer)}`,
          `  bandwidthBits: ${b.bandwidthBits}`,
        ]
      : []
  return (
    [
      'kind: table-accelerator',
      `name: ${JSON.stringify(a.name)}`,
      `precisionBits: ${a.precisionBits}`,
      `clockMhz: ${a.clockMhz}`,
      `mac: { energyPj: ${a.macEnergyPj}, staticPowerMw: ${a.macStaticPowerMw} }`,
      ...level('register', a.register),
      ...side('macArray', a.macArray),
      ...level('localBuffer', a.localBuffer),
      ...side('peArray', a.peArray),
      ...level('globalBuffer', a.globalBuffer),
      ...side('chips', a.chips),
      ...level('dram', a.dram),
    ].join('\n') + '\n'
  )
}
