import { InputError, suggestName } from '../../base/index.js'
import { tableSearches } from '../../map/index.js'
import { mapDocument, mapFiles, mapText } from '../../report/map/index.js'
import { addImportOptions } from '../network-input.js'
import { mapNetwork } from '../map/map-network.js'
import { checkMapOptions } from '../map/options.js'
import {
  mapHierarchical,
  wantsHierarchy,
  type HierarchicalMapOptions,
} from '../map/map-hierarchical.js'
import { collect, commaList, distinct, numberAbove, wholeNumber } from '../options.js'
import type { Verb } from '../verb.js'

/** `heddle map` */
export const map: Verb = {
  configure(command) {
    command
      .option('--accelerator <a>', 'preset (heddle list accelerators), YAML or .cfg file')
      .option('--network <n>', 'preset (heddle list networks), YAML, .cfg, ONNX or Keras JSON file')
      .option('--mapping <file>', 'hierarchical: unrolling per layer, in ZigZag’s mapping YAML')
      .option(
        '--layer <name>',
        'only this layer: name or 1-based index (repeatable)',
        distinct(collect),
      )
      .option('--metric <m>', 'what to minimise: energy, cycles or edp', 'energy')
      .option(
        '--search <s>',
        `${Object.keys(tableSearches).join(', ')}; hierarchical accelerators: optimal, loma, salsa`,
        'optimal',
      )
      .option(
        '--model <m>',
        'scheduling-table or hierarchical (default: by the accelerator’s form)',
      )
      .option('--lpf-limit <n>', 'loops that loma orders', wholeNumber(1, 12), 6)
      .option('--spatial <s>', 'hierarchical: given (the accelerator’s unrolling) or auto', 'given')
      .option(
        '--bypass <b>',
        'hierarchical: given (memories that may be bypassed by the accelerator’s file) or auto (any)',
        'given',
      )
      .option(
        '--conventions <c>',
        'hierarchical: whose rules count traffic, energy and cycles: standard, published, timeloop, zigzag or nn-dataflow',
      )
      .option('--dataflow <d>', 'fixed: the accelerator’s own; flexible: any', 'fixed')
      .option('--overlap', 'stages overlap perfectly: the slowest is the latency', false)
      .option('--as-published', 'reproduce the published program’s costs', false)
      .option(
        '--time-limit <s>',
        'seconds; then the best so far, its bound and gap',
        numberAbove(0),
      )
      .option('--compare', 'show how far the bottom-up search lies above the optimum', false)
      .option('--cross-layer', 'deduct what a layer takes over on chip from the one before', false)
      .option(
        '--multi-chip <layers>',
        'map these sibling layers (names or indices) on shares of the chips, bottom-up',
        distinct(commaList),
      )
      .option('--pareto', 'also every trade-off of energy and latency', false)
      .option('--explain', 'every figure with its formula, and what was pruned', false)
    addImportOptions(command)
    command.addHelpText(
      'after',
      '\nExamples:\n  heddle map --accelerator eyeriss --network resnet50 --out report\n  heddle map --accelerator simba --network resnet50 --layer conv_2_2 --metric edp --explain\n  heddle map --accelerator meta-prototype-df --network fsrcnn --search loma --lpf-limit 6 --as-published',
    )
  },
  async run(session, raw) {
    checkModel(raw['model'])
    if (wantsHierarchy(raw)) {
      return mapHierarchical(session, raw as unknown as HierarchicalMapOptions)
    }
    if (raw['conventions'] !== undefined) {
      throw new InputError({
        code: 'E-MAP-006',
        message: '--conventions are those of the hierarchical model, this accelerator is a table',
        hint: 'add --model hierarchical',
      })
    }
    const options = checkMapOptions(raw)
    const mapping = await mapNetwork(session, options)
    return {
      json: mapDocument(mapping, options.explain),
      text: mapText(mapping, options.explain),
      files: () => mapFiles(mapping, session.commandLine),
    }
  },
}

function checkModel(model: unknown): void {
  const word = typeof model === 'string' ? model : undefined
  const models = ['scheduling-table', 'hierarchical']
  if (word === undefined || models.includes(word)) return
  throw new InputError({
    code: 'E-MAP-004',
    message: `unknown --model "${word}"`,
    hint: suggestName(word, models),
  })
}
