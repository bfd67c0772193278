import { tableSearches } from '../../map/index.js'
import { mapDocument, mapFiles, mapText } from '../../report/map/index.js'
import { addImportOptions } from '../network-input.js'
import { mapNetwork } from '../map/map-network.js'
import { checkMapOptions } from '../map/options.js'
import { collect, numberAbove } from '../options.js'
import type { Verb } from '../verb.js'

/** `heddle map` */
export const map: Verb = {
  configure(command) {
    command
      .option('--accelerator <a>', 'preset (heddle list accelerators), YAML or .cfg file')
      .option('--network <n>', 'preset (heddle list networks), YAML, .cfg or ONNX file')
      .option('--layer <name>', 'only this layer: name or 1-based index (repeatable)', collect)
      .option('--metric <m>', 'what to minimise: energy, cycles or edp', 'energy')
      .option('--search <s>', Object.keys(tableSearches).join(', '), 'optimal')
      .option('--dataflow <d>', 'fixed: the accelerator’s own; flexible: any', 'fixed')
      .option('--overlap', 'stages overlap perfectly: the slowest is the latency', false)
      .option('--as-published', 'reproduce the published program’s costs', false)
      .option(
        '--time-limit <s>',
        'seconds; then the best so far, its bound and gap',
        numberAbove(0),
      )
      .option('--compare', 'show the gap of the published bottom-up search', false)
      .option('--pareto', 'also every trade-off of energy and latency', false)
      .option('--explain', 'every figure with its formula, and what was pruned', false)
    addImportOptions(command)
    command.addHelpText(
      'after',
      '\nExamples:\n  heddle map --accelerator eyeriss --network resnet50 --out report\n  heddle map --accelerator simba --network resnet50 --layer conv_2_2 --metric edp --explain',
    )
  },
  async run(session, raw) {
    const options = checkMapOptions(raw)
    const mapping = await mapNetwork(session, options)
    return {
      json: mapDocument(mapping, options.explain),
      text: mapText(mapping, options.explain),
      files: () => mapFiles(mapping, session.commandLine),
    }
  },
}
