import { basename, extname } from 'node:path'
import { formatPercent, InputError } from '../../base/index.js'
import { zeroWeights, type ZeroedTensor } from '../../formats/onnx/index.js'
import {
  findLayers,
  loadConstant,
  pruneWeights,
  pruningPattern,
  type LayerSite,
  type WeightOrder,
} from '../../profile/index.js'
import { resolveInput } from '../../presets/index.js'
import { textTable } from '../../report/index.js'
import { openModel, type OpenModel } from '../profile/open-model.js'
import type { Verb } from '../verb.js'

interface PrunedLayer {
  readonly layer: string
  readonly weights: number
  readonly zerosBefore: number
  readonly zerosAfter: number
}

/** `heddle prune MODEL.onnx --pattern random|block4|2:4|filter --sparsity S --out DIR` */
export const prune: Verb = {
  configure(command) {
    command
      .argument('<model>', 'ONNX file')
      .requiredOption(
        '--pattern <name>',
        'random, block4, filter (whole output channels) or N:M, e.g. 2:4',
      )
      .option(
        '--sparsity <fraction>',
        'weights to remove per layer, 0 … 1 (N:M implies it)',
        Number,
      )
      .option(
        '--by <rule>',
        'what is removed first: magnitude (smallest) or random (with --seed)',
        'magnitude',
      )
      .option(
        '--all-layers',
        'also prune the first and the last layer, which are usually left dense',
        false,
      )
      .addHelpText(
        'after',
        '\nWrites MODEL_PATTERNSPARSITY.onnx (and its external weight files) into --out.\nExample: heddle prune cnn.onnx --pattern filter --sparsity 0.5 --out pruned',
      )
  },
  async run(session, options, [path]) {
    const patternName = options['pattern'] as string
    const pattern = pruningPattern(patternName)
    const sparsity =
      pattern?.kind === 'n:m'
        ? 1 - pattern.n / pattern.m
        : (options['sparsity'] as number | undefined)
    const by = options['by'] as string
    if (pattern === undefined) {
      throw new InputError({
        code: 'E-PRU-002',
        message: `unknown pattern "${patternName}"`,
        hint: 'expected random, block4, filter or N:M, e.g. 2:4',
      })
    }
    if (sparsity === undefined || !(sparsity > 0 && sparsity < 1)) {
      throw new InputError({
        code: 'E-PRU-003',
        message: '--sparsity must say which share of the weights to remove, above 0 and below 1',
      })
    }
    if (by !== 'magnitude' && by !== 'random') {
      throw new InputError({
        code: 'E-PRU-004',
        message: `--by is "${by}"`,
        hint: 'expected magnitude or random',
      })
    }
    const open = openModel(resolveInput(path, 'networks'))
    try {
      const sites = prunable(open, options['allLayers'] === true)
      const zeroed: ZeroedTensor[] = []
      const layers: PrunedLayer[] = []
      sites.forEach((site, i) => {
        session.progress(`pruning ${site.name}`, i / sites.length)
        const tensor = open.model.graph.initializers.get(site.weights)
        if (tensor === undefined) return
        const { data } = loadConstant(open.weights(site.weights))
        const seed = by === 'random' ? session.shared.seed + i : undefined
        const remove = pruneWeights(data, weightOrder(site, tensor.dims), pattern, sparsity, seed)
        zeroed.push({ tensor, remove })
        layers.push({
          layer: site.name,
          weights: data.length,
          zerosBefore: share(data.length, (k) => data[k] === 0),
          zerosAfter: share(data.length, (k) => data[k] === 0 || remove[k] === 1),
        })
      })
      const stem = basename(path, extname(path))
      const suffix =
        pattern.kind === 'n:m'
          ? `${pattern.n}of${pattern.m}`
          : `${patternName.replace(':', '')}${Math.round(100 * sparsity)}`
      const file = `${stem}_${suffix}.onnx`
      const { out } = session.shared
      const patched =
        out === undefined ? undefined : zeroWeights(open.source, open.external, zeroed)
      const files = new Map(patched ? [[file, patched.model], ...patched.external] : [])
      return {
        json: {
          model: path,
          pattern: patternName,
          sparsity,
          file: out === undefined ? null : file,
          layers,
        },
        text: [
          textTable(
            [
              { title: 'layer', align: 'left', cell: (row: PrunedLayer) => row.layer },
              { title: 'weights', cell: (row: PrunedLayer) => row.weights },
              { title: 'zeros before', cell: (row: PrunedLayer) => formatPercent(row.zerosBefore) },
              { title: 'zeros after', cell: (row: PrunedLayer) => formatPercent(row.zerosAfter) },
            ],
            layers,
          ),
          out === undefined ? 'nothing written: give --out DIR' : `${out}/${file}`,
        ].join('\n'),
        files: () => files,
      }
    } finally {
      open.close()
    }
  },
}

type Product = Exclude<LayerSite, { kind: 'attention' }>

/** Layers with constant weights; without the first and the last unless all are wanted or there are no others. */
function prunable(open: OpenModel, all: boolean): Product[] {
  const sites = findLayers(open.model.graph).sites.filter(
    (site): site is Product => site.kind !== 'attention' && site.weightsAreConstant,
  )
  if (sites.length === 0) {
    throw new InputError({
      code: 'E-PRU-005',
      at: { file: open.source.name },
      message: 'the model has no convolution or matrix product with constant weights',
    })
  }
  return all || sites.length < 3 ? sites : sites.slice(1, -1)
}

/** Where filters, channels and kernel positions lie in a weight tensor. */
function weightOrder(site: Product, dims: readonly number[]): WeightOrder {
  const transB = site.node.attributes.get('transB')
  if (site.kind === 'conv') {
    const positions = dims.slice(2).reduce((product, dim) => product * dim, 1)
    return {
      filters: dims[0],
      channels: dims[1],
      positions,
      filterStep: dims[1] * positions,
      channelStep: positions,
      positionStep: 1,
    }
  }
  const rowsAreFilters = transB?.kind === 'int' && transB.value === 1
  const [filters, channels] = rowsAreFilters ? dims : [dims[1], dims[0]]
  return {
    filters,
    channels,
    positions: 1,
    filterStep: rowsAreFilters ? channels : 1,
    channelStep: rowsAreFilters ? 1 : filters,
    positionStep: 0,
  }
}

function share(count: number, test: (i: number) => boolean): number {
  let hits = 0
  for (let i = 0; i < count; i++) if (test(i)) hits++
  return count === 0 ? 0 : hits / count
}
