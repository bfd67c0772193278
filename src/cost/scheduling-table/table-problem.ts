import { InputError } from '../../base/index.js'
import {
  operands,
  perOperand,
  realRows,
  type PerOperand,
  type Stationarity,
  type TableAccelerator,
  type TableArray,
  type TableBuffer,
  type TableDataflow,
  type TableLayer,
} from '../../model/index.js'
import { standard, type TableConventions } from './conventions.js'

/** Values for input, weight, output. */
export type Triple = readonly [number, number, number]

/** One memory level in the units of the cost model: elements, pJ, cycles. */
export interface LevelModel {
  /** False for a global buffer that the accelerator does not have: nothing is stored there and nothing costs. */
  readonly present: boolean
  /** One buffer for the three operands; its capacity is `capacity[0]`. */
  readonly shared: boolean
  /** Elements; Infinity when unbounded. */
  readonly capacity: Triple
  readonly accessEnergyPj: Triple
  readonly cyclesPerTransfer: Triple
  /** Elements per transfer, real, may be below 1. */
  readonly elementsPerTransfer: number
  readonly bypassed: readonly [boolean, boolean, boolean]
  /** mW of one instance. */
  readonly staticPowerMw: number
}

/** One question of the cost model: a layer on an accelerator under a dataflow and a set of conventions, all rules resolved. */
export interface TableProblem {
  readonly conventions: TableConventions
  readonly accelerator: TableAccelerator
  readonly layer: TableLayer
  readonly dataflow: TableDataflow
  /** Multiply-accumulates of the layer. */
  readonly macs: number
  readonly macArray: TableArray
  readonly peArray: TableArray
  readonly chips: TableArray
  readonly local: LevelModel
  readonly global: LevelModel
  readonly dram: LevelModel
  /** Stationarity that spares local-buffer fills, i.e. of the transfers global buffer → local buffer. */
  readonly localStationarity: Stationarity
  /** Stationarity that spares transfers out of DRAM: the global buffer's, or the local buffer's when there is none. */
  readonly globalStationarity: Stationarity
  /** Clock period. */
  readonly periodNs: number
  /** Static energy of the whole chip per cycle, by component; the total's rate is their sum. */
  readonly staticPjPerCycle: {
    readonly mac: number
    readonly local: number
    readonly global: number
    readonly dram: number
  }
}

/**
 * Resolves every convention that concerns the accelerator, once per layer and dataflow.
 * @throws InputError when the conventions reject the accelerator, or a stationary operand bypasses its buffer
 */
export function tableProblem(
  accelerator: TableAccelerator,
  layer: TableLayer,
  dataflow: TableDataflow,
  conventions: TableConventions = standard,
): TableProblem {
  const real = realRows(accelerator)
  if (conventions.registerLevel === 'rejected' && real[0]) {
    throw new InputError({
      code: 'E-ACC-020',
      message: `accelerator "${accelerator.name}" has a register level, which the cost model does not describe`,
      hint: 'remove it; the published semantics accepts it and ignores it',
    })
  }
  checkBypass(accelerator, dataflow)
  const one: TableArray = { x: 1, y: 1 }
  const macArray = accelerator.macArray ?? one
  const peArray = accelerator.peArray ?? one
  const chips = accelerator.chips ?? one
  const local = levelModel(accelerator.localBuffer, accelerator.precisionBits, conventions)
  const global = accelerator.globalBuffer
    ? levelModel(accelerator.globalBuffer, accelerator.precisionBits, conventions)
    : absentLevel
  const dram = {
    ...levelModel(accelerator.dram, accelerator.precisionBits, conventions),
    capacity: [Infinity, Infinity, Infinity] as const,
    shared: true,
  }
  const periodNs = 1000 / accelerator.clockMhz
  const chipCount = chips.x * chips.y
  const peCount = peArray.x * peArray.y * chipCount
  const macCount = macArray.x * macArray.y * peCount
  // A virtual level has no stationarity of its own: the next inner buffer's counts instead.
  const localStationarity =
    dataflow.LOCAL_BUFFER ?? (real[3] ? 'none' : (dataflow.REGISTER ?? 'none'))
  const globalStationarity = dataflow.GLOBAL_BUFFER ?? (real[6] ? 'none' : localStationarity)
  return Object.freeze({
    conventions,
    accelerator,
    layer,
    dataflow,
    macs: layer.dims.reduce((product, n) => product * n, 1),
    macArray,
    peArray,
    chips,
    local,
    global,
    dram,
    localStationarity,
    globalStationarity,
    periodNs,
    staticPjPerCycle: {
      mac: accelerator.macStaticPowerMw * periodNs * macCount,
      local: local.staticPowerMw * periodNs * peCount,
      global: global.staticPowerMw * periodNs * chipCount,
      dram: dram.staticPowerMw * periodNs,
    },
  })
}

const absentLevel: LevelModel = Object.freeze<LevelModel>({
  present: false,
  shared: true,
  capacity: [Infinity, Infinity, Infinity],
  accessEnergyPj: [0, 0, 0],
  cyclesPerTransfer: [0, 0, 0],
  elementsPerTransfer: 1,
  bypassed: [true, true, true],
  staticPowerMw: 0,
})

function levelModel(
  buffer: TableBuffer,
  precisionBits: number,
  conventions: TableConventions,
): LevelModel {
  const values = (list: PerOperand): Triple =>
    conventions.oneValueLists === 'input-only' && list.length === 1
      ? [list[0], 0, 0]
      : perOperand(list)
  const elementBytes =
    conventions.elementBytes === 'exact' ? precisionBits / 8 : Math.floor(precisionBits / 8)
  const shared = buffer.sizeBytes?.length !== 3
  const elements = (bytes: number): number => bytes / elementBytes
  const [i, w, o] = buffer.sizeBytes ? perOperand(buffer.sizeBytes) : [Infinity, Infinity, Infinity]
  const power = values(buffer.staticPowerMw)
  return Object.freeze({
    present: true,
    shared,
    capacity: [elements(i), elements(w), elements(o)] as const,
    accessEnergyPj: values(buffer.accessEnergyPj),
    cyclesPerTransfer: values(buffer.cyclesPerTransfer),
    elementsPerTransfer: buffer.bandwidthBits / precisionBits,
    bypassed: operands.map((operand) => buffer.bypass.includes(operand)) as unknown as [
      boolean,
      boolean,
      boolean,
    ],
    staticPowerMw:
      shared && conventions.sharedStaticPower === 'once'
        ? Math.max(...power)
        : conventions.arithmetic === 'fp32-u32'
          ? Math.fround(
              Math.fround(Math.fround(power[0]) + Math.fround(power[1])) + Math.fround(power[2]),
            )
          : power[0] + power[1] + power[2],
  })
}

function checkBypass(accelerator: TableAccelerator, dataflow: TableDataflow): void {
  const stationary = { is: 'input', ws: 'weight', os: 'output' } as const
  for (const [name, buffer] of [
    ['LOCAL_BUFFER', accelerator.localBuffer],
    ['GLOBAL_BUFFER', accelerator.globalBuffer],
  ] as const) {
    const chosen = dataflow[name] ?? 'none'
    if (chosen === 'none' || !buffer?.bypass.includes(stationary[chosen])) continue
    throw new InputError({
      code: 'E-ACC-021',
      message: `${name} of "${accelerator.name}" keeps the ${stationary[chosen]} stationary (${chosen}) and lets it bypass`,
      hint: 'an operand held still must be stored there: change the dataflow or the bypass list',
    })
  }
}
