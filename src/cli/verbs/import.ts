import { basename } from 'node:path'
import { formatNumber, InputError } from '../../base/index.js'
import { writeNetwork } from '../../formats/index.js'
import { macCount, networkWorkload, type NetworkNode } from '../../model/index.js'
import { inputLabel, resolveInput } from '../../presets/index.js'
import { textTable, type Column } from '../../report/index.js'
import { addImportOptions, readModelNetwork } from '../network-input.js'
import type { Verb } from '../verb.js'

const columns: readonly Column<NetworkNode>[] = [
  { title: 'node', align: 'left', cell: (node) => node.name },
  { title: 'operator', align: 'left', cell: (node) => node.type },
  { title: 'work', align: 'left', cell: (node) => node.work.kind },
  {
    title: 'loops',
    align: 'left',
    cell: (node) =>
      Object.entries(loops(node))
        .map(([dim, size]) => `${dim}${size}`)
        .join(' '),
  },
  { title: 'MACs', cell: (node) => formatNumber(macs(node)) },
  { title: 'weights B', cell: (node) => formatNumber(node.weightBytes) },
  { title: 'output B', cell: (node) => formatNumber(node.outputBytes) },
]

/** `heddle import MODEL [--out network.yaml]` */
export const importVerb: Verb = {
  out: 'file',
  computes: false,
  configure(command) {
    command.argument(
      '<model>',
      'ONNX file, Keras JSON, or an ONNX preset of `heddle list networks`',
    )
    addImportOptions(command)
    command.addHelpText(
      'after',
      '\nExample:\n  heddle import model.onnx --bind batch=4 --out network.yaml',
    )
  },
  async run(_session, options, [model]) {
    const network = readModelNetwork(model, options)
    if (network === undefined) {
      throw new InputError({
        code: 'E-ONNX-015',
        at: { file: inputLabel(resolveInput(model, 'networks')) },
        message: 'expected a file that ends in .onnx, or the JSON of a Keras model',
        hint: 'networks of loop nests are read by map, fuse and plan as they are',
      })
    }
    const shown = network.nodes.filter((node) => node.work.kind !== 'free')
    const total = network.nodes.reduce((sum, node) => sum + macs(node), 0)
    const json = {
      name: network.name,
      assumptions: network.assumptions,
      macs: total,
      nodes: network.nodes.map((node) => ({
        name: node.name,
        type: node.type,
        work: node.work.kind,
        ...(node.work.kind === 'layer' ? { dims: loops(node) } : {}),
        macs: macs(node),
        inputBytes: node.inputBytes,
        weightBytes: node.weightBytes,
        outputBytes: node.outputBytes,
      })),
    }
    const text = [
      textTable(columns, shown),
      '',
      `${network.name}: ${network.nodes.length} nodes, ${formatNumber(total)} MACs`,
      ...network.assumptions.map((assumption) => `assumed: ${assumption}`),
    ].join('\n')
    const comments = [
      `${network.name}, imported from ${basename(resolveInput(model, 'networks'))}`,
      ...network.assumptions.map((each) => `assumed: ${each}`),
    ]
    return { json, text, file: () => writeNetwork(networkWorkload(network), comments) }
  },
}

function loops(node: NetworkNode): Record<string, number> {
  if (node.work.kind !== 'layer') return {}
  return Object.fromEntries(Object.entries(node.work.layer.dims).filter(([, size]) => size !== 1))
}

/** Multiply-accumulates; additions and comparisons of pooling and residual sums are none. */
function macs(node: NetworkNode): number {
  if (node.work.kind !== 'layer') return 0
  const { operator } = node.work.layer
  return operator === 'pool' || operator === 'add' ? 0 : macCount(node.work.layer)
}
