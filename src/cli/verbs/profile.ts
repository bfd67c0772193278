import { basename, extname, join } from 'node:path'
import { formatPercent, formatSi, InputError, suggestName } from '../../base/index.js'
import { writeProfile } from '../../formats/profiles/index.js'
import {
  meanCorrelation,
  networkLatencies,
  sparseAccelerators,
  spread,
  validMacRatios,
} from '../../profile/index.js'
import { resolveExample, resolveInput } from '../../presets/index.js'
import { layerColumns, layerRows, profileReport, pruningRows } from '../../report/profile/index.js'
import { textTable } from '../../report/index.js'
import { numberAbove, wholeNumber } from '../options.js'
import { chooseAccelerator } from '../profile/choose-accelerator.js'
import { openModel, runtimeNames } from '../profile/open-model.js'
import { runProfile, type ProfileOutcome } from '../profile/run-profile.js'
import { openSamples } from '../profile/samples.js'
import type { Verb } from '../verb.js'
import { writeFiles } from '../write-files.js'

interface ProfileOptions {
  readonly inputs: string
  readonly accelerator: string
  readonly samples?: number
  readonly clockMhz?: number
  readonly threshold: number
  readonly mask?: string
  readonly runtime: string
  readonly normalize: string
  readonly imageSize?: readonly [number, number]
  readonly name?: string
  readonly network?: string
  readonly asPublished: boolean
}

const maskSources = ['exact', 'predicted']
/** Bits of queries and keys in Sanger's prediction of the attention mask. */
const PREDICTION_BITS = 4

/** `heddle profile MODEL.onnx --inputs DIR|FILE.npz [--accelerator NAME] [--samples N] --out TRACES` */
export const profile: Verb = {
  configure(command) {
    command
      .argument(
        '<model>',
        'ONNX file, or an ONNX preset of `heddle list networks` with weights (micro-…)',
      )
      .requiredOption(
        '--inputs <path>',
        'folder of PNG and JPEG images (sub-folders are data sets), or .npz, .npy',
      )
      .option(
        '--accelerator <name>',
        `${Object.keys(sparseAccelerators).join(', ')}, or any accelerator of map: preset or file`,
        'eyeriss-v2',
      )
      .option(
        '--clock-mhz <f>',
        'clock of an accelerator of map, where its file does not say it',
        numberAbove(0),
      )
      .option('--samples <n>', 'profile only the first n samples', wholeNumber(1))
      .option(
        '--threshold <p>',
        'attention probabilities at or below this are pruned',
        numberAbove(-1e-300),
        2e-3,
      )
      .option(
        '--mask <how>',
        'what decides which are pruned: exact probabilities, or those predicted from 4-bit queries and keys (default: exact; predicted with --as-published)',
      )
      .option('--runtime <name>', runtimeNames.join(', '), 'auto')
      .option('--normalize <name>', 'how images are normalised: imagenet, unit, signed', 'imagenet')
      .option(
        '--image-size <HxW>',
        'rows × columns of images when the model leaves them open',
        imageSize,
      )
      .option('--name <name>', 'name of the trace; default: the model file')
      .option('--network <name>', 'network of the trace; default: the name up to its first "_"')
      .option('--as-published', 'latency as the published models compute it', false)
      .addHelpText(
        'after',
        '\nAn interrupted run goes on where it stopped when the same command is given again.',
      )
  },
  async run(session, raw, [path]) {
    const options = raw as unknown as ProfileOptions
    const started = Date.now()
    const accelerator = chooseAccelerator(options)
    if (!(runtimeNames as readonly string[]).includes(options.runtime)) {
      throw new InputError({
        code: 'E-PRF-007',
        message: `unknown runtime "${options.runtime}"`,
        hint: suggestName(options.runtime, runtimeNames),
      })
    }
    const mask = options.mask ?? (options.asPublished ? 'predicted' : 'exact')
    if (!maskSources.includes(mask)) {
      throw new InputError({
        code: 'E-PRF-011',
        message: `unknown --mask "${mask}"`,
        hint: suggestName(mask, maskSources),
      })
    }
    const { out } = session.shared
    const file = resolveInput(path, 'networks')
    const name = clean(options.name ?? basename(file, extname(file)))
    const open = openModel(file)
    let outcome: ProfileOutcome
    try {
      const samples = await openSamples(resolveExample(options.inputs), open.model, options)
      const count = Math.min(options.samples ?? samples.count, samples.count)
      if (options.samples !== undefined && options.samples > samples.count) {
        session.note(`only ${samples.count} samples in ${options.inputs}`)
      }
      outcome = await runProfile(session, {
        open,
        samples,
        count,
        accelerator,
        threshold: options.threshold,
        ...(mask === 'predicted'
          ? { prediction: { bits: PREDICTION_BITS, opset: open.model.opsets.get('') ?? 1 } }
          : {}),
        runtime: options.runtime,
        name,
        network: clean(options.network ?? name.split('_')[0]),
        settings: `inputs ${basename(options.inputs)}, ${options.normalize}${options.imageSize ? ` ${options.imageSize.join('x')}` : ''}, threshold ${options.threshold}${mask === 'predicted' ? ` of ${PREDICTION_BITS}-bit predictions` : ''}`,
        ...(out === undefined ? {} : { journalPath: join(out, `.${name}.partial`) }),
      })
    } finally {
      open.close()
    }
    const trace = out === undefined ? null : join(out, `${name}.csv`)
    if (out !== undefined) {
      const files = profileReport(outcome.profile, outcome.skipped, session.commandLine)
      files.set(`${name}.csv`, writeProfile(outcome.profile))
      writeFiles(out, files)
      // An interrupted run keeps its journal: the same command goes on from there.
      if (outcome.complete) outcome.finish()
    }
    const seconds = (Date.now() - started) / 1000
    return {
      json: resultOf(path, outcome, trace, seconds),
      text: describe(outcome, trace, seconds),
    }
  },
}

function resultOf(
  model: string,
  outcome: ProfileOutcome,
  trace: string | null,
  seconds: number,
): unknown {
  const { profile: measured } = outcome
  const brief = (values: Float64Array): unknown => {
    const { mean, deviation, min, max, relativeRange } = spread(values)
    return { mean, deviation, min, max, relativeRange }
  }
  const correlation = meanCorrelation(measured)
  return {
    model,
    name: measured.name,
    network: measured.network,
    provenance: measured.provenance,
    accelerator: measured.accelerator,
    runtime: outcome.runtime,
    samples: measured.samples.length,
    resumedSamples: outcome.resumed,
    complete: outcome.complete,
    latencyS: brief(networkLatencies(measured)),
    validMacRatio: brief(validMacRatios(measured)),
    layerCorrelation: Number.isNaN(correlation) ? null : correlation,
    layers: layerRows(measured),
    pruning: pruningRows(measured),
    skipped: outcome.skipped,
    trace,
    seconds,
  }
}

function describe(outcome: ProfileOutcome, trace: string | null, seconds: number): string {
  const { profile: measured } = outcome
  const latency = spread(networkLatencies(measured))
  const ratio = spread(validMacRatios(measured))
  const skipped = outcome.skipped.map(
    (each) =>
      `not in the trace: ${each.operator} (${each.nodes.length} nodes, e.g. ${each.nodes[0]}): ${each.reason}`,
  )
  return [
    textTable(layerColumns, layerRows(measured)),
    '',
    `${measured.name}: ${measured.samples.length} samples on ${measured.accelerator} with ${outcome.runtime}, ${seconds.toFixed(1)} s`,
    `latency ${formatSi(latency.mean, 's')} (${formatSi(latency.min, 's')} … ${formatSi(latency.max, 's')}), valid MACs ${formatPercent(ratio.mean)} with a relative range of ${formatPercent(ratio.relativeRange)}`,
    ...pruningText(measured),
    ...skipped,
    ...(outcome.complete ? [] : ['interrupted: the same command goes on from here']),
    trace === null
      ? 'nothing written: give --out DIR for a trace that heddle serve reads'
      : `trace: ${trace} (${measured.provenance})`,
  ].join('\n')
}

/** The last pruned layer under its own pattern and under pruning by channels, in a sentence. */
function pruningText(measured: ProfileOutcome['profile']): string[] {
  const last = pruningRows(measured).at(-1)
  if (last === undefined) return []
  const range = ({ mean, relativeRange }: (typeof last)['channel']): string =>
    `${formatPercent(mean)} (relative range ${formatPercent(relativeRange)})`
  return [
    `pruning: ${last.name} keeps ${formatPercent(last.weightDensity)} of its weights (${last.weightPattern}) and ${range(last.measured)} of its MACs; kept as whole input channels it would be ${range(last.channel)}`,
  ]
}

function imageSize(text: string): [number, number] {
  const match = /^(\d+)x(\d+)$/.exec(text)
  if (!match)
    throw new InputError({
      code: 'E-CLI-005',
      message: `"${text}" is no size`,
      hint: 'expected rows x columns, e.g. 224x224',
    })
  return [Number(match[1]), Number(match[2])]
}

/** A name fit for a file and a CSV cell. */
function clean(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '-')
}
