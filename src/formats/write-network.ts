import { loopDims, type Layer, type MapRead, type Workload } from '../model/index.js'
import { checkChaining, uncheckedAspects, type UncheckedAspect } from './check-chaining.js'

/** YAML of a network, as `readNetwork` reads it; what equals a default is left out. Each comment line comes first. */
export function writeNetwork(workload: Workload, comments: readonly string[] = []): string {
  const unchecked = exemptions(workload)
  return (
    [
      ...comments.map((line) => `# ${line}`),
      'kind: network',
      `name: ${JSON.stringify(workload.name)}`,
      ...(unchecked.length > 0 ? [`unchecked: [${unchecked.join(', ')}]`] : []),
      'layers:',
      ...workload.layers.flatMap(layerLines),
    ].join('\n') + '\n'
  )
}

/** Layers that read each other through joins, reshapes or resizes do not chain operand by operand and size by size. */
function exemptions(workload: Workload): readonly UncheckedAspect[] {
  const chains = (without: readonly UncheckedAspect[]): boolean =>
    checkChaining(workload.layers, new Set(without), () => ({ file: '' })).length === 0
  const choices = [[], ['channels', 'rows-and-columns'], uncheckedAspects] as const
  return choices.find(chains) ?? uncheckedAspects
}

function layerLines(layer: Layer): string[] {
  const dims = loopDims.filter((dim) => layer.dims[dim] !== 1)
  const { stride, dilation, padding, precisionBits: bits } = layer
  const padded = Object.values(padding).some((rows) => rows > 0)
  const plain =
    bits.input === 8 && bits.weight === 8 && bits.output === 8 && bits.partialOutput === 16
  const axes = (value: { readonly y: number; readonly x: number }): string =>
    value.y === value.x ? String(value.y) : `{ y: ${value.y}, x: ${value.x} }`
  return [
    `  - name: ${JSON.stringify(layer.name)}`,
    ...(layer.operator === 'conv' ? [] : [`    operator: ${layer.operator}`]),
    `    dims: { ${dims.map((dim) => `${dim}: ${layer.dims[dim]}`).join(', ')} }`,
    ...(stride.y === 1 && stride.x === 1 ? [] : [`    stride: ${axes(stride)}`]),
    ...(dilation.y === 1 && dilation.x === 1 ? [] : [`    dilation: ${axes(dilation)}`]),
    ...(padded
      ? [
          `    padding: { top: ${padding.top}, bottom: ${padding.bottom}, left: ${padding.left}, right: ${padding.right} }`,
        ]
      : []),
    ...(plain
      ? []
      : [
          `    precisionBits: { input: ${bits.input}, weight: ${bits.weight}, output: ${bits.output}, partialOutput: ${bits.partialOutput} }`,
        ]),
    `    inputs: [${inputs(layer).join(', ')}]`,
    ...(layer.slidesInput === undefined ? [] : [`    slidesInput: ${layer.slidesInput}`]),
  ]
}

/** Operands of a layer; maps that are joined are a list of their own. */
function inputs({ inputs, reads }: Layer): string[] {
  if (reads === undefined) return inputs.map((name) => JSON.stringify(name))
  return reads.map((maps) => (maps.length === 1 ? part(maps[0]) : `[${maps.map(part).join(', ')}]`))
}

function part({ from, channels, through }: MapRead): string {
  if (from !== null && channels === undefined && through === undefined) return JSON.stringify(from)
  const more = [
    ...(channels === undefined ? [] : [`channels: ${channels}`]),
    ...(through === undefined ? [] : [`through: ${JSON.stringify(through)}`]),
  ]
  return `{ ${[`map: ${JSON.stringify(from)}`, ...more].join(', ')} }`
}
