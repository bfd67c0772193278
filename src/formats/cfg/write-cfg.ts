import { InputError, type Diagnostic } from '../../base/index.js'
import {
  fixedDataflow,
  tableLayer,
  tableRows,
  type Layer,
  type LayerTable,
  type TableAccelerator,
  type TableArray,
  type TableBuffer,
  type Workload,
} from '../../model/index.js'

/** Text of an accelerator in the form of the published tool. Names are lower case there whatever the file says. */
export function writeAcceleratorCfg(a: TableAccelerator): string {
  const lines = [
    '[ACCELERATOR]',
    `NAME=${a.name.toUpperCase()}`,
    `PRECISION=INT${a.precisionBits}`,
    `FREQUENCY=${a.clockMhz}`,
    `UNIT_MAC_ENERGY=${a.macEnergyPj}`,
    `UNIT_MAC_STATIC=${a.macStaticPowerMw}`,
    ...bufferLines('REGISTER', a.register),
    ...arrayLines('MAC_ARRAY', a.macArray),
    ...bufferLines('LOCAL_BUFFER', a.localBuffer),
    ...arrayLines('PE_ARRAY', a.peArray),
    ...bufferLines('GLOBAL_BUFFER', a.globalBuffer),
    ...arrayLines('MULTI_CHIPS', a.chips),
    ...bufferLines('DRAM', a.dram),
  ]
  return lines.join('\n') + '\n'
}

function arrayLines(name: string, array: TableArray | undefined): string[] {
  return array ? ['', `[${name}]`, 'TYPE=SPATIAL', `SIZE_X=${array.x}`, `SIZE_Y=${array.y}`] : []
}

function bufferLines(name: string, buffer: TableBuffer | undefined): string[] {
  if (buffer === undefined) return []
  return [
    '',
    `[${name}]`,
    'TYPE=TEMPORAL',
    ...(buffer.dataflow === 'none' ? [] : [`DATAFLOW=${buffer.dataflow.toUpperCase()}`]),
    ...(buffer.sizeBytes ? [`BUFFER_SIZE=${buffer.sizeBytes.join(',')}`] : []),
    ...(buffer.bypass.length > 0 ? [`BYPASS=${buffer.bypass.join(',').toUpperCase()}`] : []),
    `UNIT_ACCESS_ENERGY=${buffer.accessEnergyPj.join(',')}`,
    `UNIT_STATIC_POWER=${buffer.staticPowerMw.join(',')}`,
    `UNIT_CYCLE=${buffer.cyclesPerTransfer.join(',')}`,
    `BANDWIDTH=${buffer.bandwidthBits}`,
  ]
}

/**
 * Text of a network in the form of the published tool: K and C over all groups, one stride, no padding, no topology.
 * @param file names the network in messages
 * @throws InputError listing the layers that the form cannot hold
 */
export function writeNetworkCfg(workload: Workload, file: string): string {
  const problems: Diagnostic[] = []
  const rows = workload.layers.flatMap((layer) => {
    const reason = unwritable(layer)
    if (reason === undefined) return [layerLine(layer)]
    problems.push({
      code: 'E-CFG-040',
      at: { file },
      message: `layer "${layer.name}" cannot be written as .cfg: ${reason}`,
    })
    return []
  })
  if (problems.length > 0) throw new InputError(problems)
  return (
    [
      '[NETWORK]',
      `name=${workload.name}`,
      '',
      '[LAYERS]',
      '# K,B,P,Q,C,R,S,G,stride',
      ...rows,
    ].join('\n') + '\n'
  )
}

function unwritable(layer: Layer): string | undefined {
  const table = tableLayer(layer)
  if (table === undefined) return `a layer of type ${layer.operator} has no weights`
  if (table.strideY !== table.strideX) return 'its strides differ in y and x'
  if (table.dilationY !== 1 || table.dilationX !== 1) return 'it is dilated'
  if (/[=#\s[\]]/.test(layer.name)) return 'its name holds a blank, "=", "#" or a bracket'
  return undefined
}

function layerLine(layer: Layer): string {
  const { dims, strideY } = tableLayer(layer) as NonNullable<ReturnType<typeof tableLayer>>
  const [K, B, P, Q, C, R, S, G] = dims
  const point = P === 1 && Q === 1 && R === 1 && S === 1
  return `${layer.name}=${[K * G, B, P, Q, C * G, R, S, G, point ? 0 : strideY].join(',')}`
}

/**
 * Text of a mapping in the form of the published tool, which has no place for a dataflow: there, the accelerator file's
 * counts.
 * @throws InputError when the mapping's dataflow is not the accelerator's own
 */
export function writeTableCfg(
  table: LayerTable,
  accelerator: TableAccelerator | undefined,
  file: string,
): string {
  const own = accelerator ? fixedDataflow(accelerator) : {}
  const differing = Object.entries(table.dataflow ?? {}).find(
    ([level, stationarity]) => own[level as keyof typeof own] !== stationarity,
  )
  if (accelerator && differing) {
    throw new InputError({
      code: 'E-CFG-041',
      at: { file },
      message: `the mapping keeps ${differing[0]} ${differing[1]}, "${accelerator.name}" says ${own[differing[0] as keyof typeof own]}`,
      hint: 'a .cfg table holds no dataflow: write the accelerator with this DATAFLOW too',
    })
  }
  const rows = tableRows.flatMap((row) => {
    const factors = table.rows[row]
    return factors ? [`${row}=${factors.join(',')}`] : []
  })
  return (
    [
      '[LAYER]',
      `layer_name=${table.layer}`,
      '',
      '[SCHEDULING_TABLE]',
      '# K,B,P,Q,C,R,S,G',
      ...rows,
    ].join('\n') + '\n'
  )
}
