import { InputError } from '../../base/index.js'
import { readHierarchicalAccelerator } from '../../formats/index.js'
import type { FuseSetting } from '../../fuse/index.js'
import { readInput } from '../../presets/index.js'
import { fuseText, renderFuse } from '../../report/fuse/index.js'
import { computeFuse } from '../fuse/compute.js'
import { fuseJson } from '../fuse/json.js'
import { readFuseOptions, type FuseOptions } from '../fuse/options.js'
import { formOf } from '../inputs/form-of.js'
import { addImportOptions, readWorkload } from '../network-input.js'
import { numberAbove, wholeNumber } from '../options.js'
import type { Verb } from '../verb.js'

/** `heddle fuse --accelerator A --network N` */
export const fuse: Verb = {
  configure(command) {
    command
      .option('--accelerator <name>', 'hierarchical accelerator: a preset or a YAML file')
      .option('--network <name>', 'network: a preset, a YAML, an ONNX or a Keras JSON file')
      .option(
        '--tiles <sizes>',
        'output tiles: 60x72, a list 60x72,4x72, a grid 1,4,16x1,4,18, or auto',
        'auto',
      )
      .option(
        '--mode <mode>',
        'fully-recompute, h-cached-v-recompute, fully-cached, all, or auto (each stack its own)',
        'auto',
      )
      .option(
        '--stacks <stacks>',
        'auto (best partition), weights-fit, every-layer, none, or layers to cut after (default: auto; weights-fit with --as-published)',
      )
      .option(
        '--search <kind>',
        'mapping of each layer: optimal or loma (default: optimal; loma with --as-published)',
      )
      .option('--lpf-limit <n>', 'loop factors that LOMA orders', wholeNumber(1, 12), 6)
      .option('--objective <what>', 'energy, latency or edp (energy × latency)', 'energy')
      .option('--as-published', 'reproduce the published program, defects included', false)
      .option(
        '--time-limit <s>',
        'seconds; then the best so far, and how much better one could be',
        numberAbove(0),
      )
    addImportOptions(command)
    command.addHelpText(
      'after',
      `
Examples:
  heddle fuse --accelerator meta-prototype-df --network fsrcnn --out report
  heddle fuse --accelerator meta-prototype-df --network fsrcnn --tiles 60x72 --mode fully-cached --json
  heddle fuse --accelerator edge-tpu-like --network mccnn --tiles 16x8 --mode fully-recompute --as-published`,
    )
  },
  async run(session, raw) {
    const options = raw as unknown as FuseOptions
    const missing = (['accelerator', 'network'] as const).filter(
      (each) => options[each] === undefined,
    )
    if (missing.length > 0) {
      throw new InputError(
        missing.map((each) => ({
          code: 'E-FUSE-023',
          message: `--${each} is missing`,
          hint: `heddle list ${each}s shows the presets`,
        })),
      )
    }
    const { text, file } = readInput(options.accelerator!, 'accelerators')
    checkForm(formOf(file, text), file)
    const accelerator = readHierarchicalAccelerator(text, file)
    const workload = readWorkload(options.network!, options)
    const question = readFuseOptions(options, workload)
    const setting: FuseSetting = {
      accelerator,
      workload,
      conventions: options.asPublished ? 'published' : 'standard',
      search: question.search,
      objective: question.objective,
    }
    const answer = await computeFuse(session, setting, question, options.timeLimit)
    const json = fuseJson(answer, question.objective)
    return {
      json,
      text: fuseText(json),
      files: () => renderFuse(json, accelerator, session.commandLine),
    }
  },
}

/** Scheduling-table accelerators of `map` have no memories per operand, which is what stacks are placed in. */
function checkForm(form: string | undefined, file: string): void {
  if (form !== 'table-accelerator' && form !== 'accelerator-cfg') return
  throw new InputError({
    code: 'E-FUSE-024',
    at: { file },
    message: 'this accelerator is one of scheduling tables, fuse needs a hierarchical one',
    hint: 'for example meta-prototype-df or edge-tpu-like-df (heddle list accelerators); heddle schema hierarchical-accelerator describes your own',
  })
}
