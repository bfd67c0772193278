import { existsSync, readFileSync, statSync } from 'node:fs'
import { InfeasibleError, InputError } from '../../base/index.js'
import { tableConventions, type TableConventions } from '../../cost/scheduling-table/index.js'
import { readAnalyzeBatch } from '../../formats/index.js'
import { analysisDocument, analysisFiles, analysisText } from '../../report/analyze/index.js'
import { textTable } from '../../report/index.js'
import { analyzeBatch, analyzeMapping, requireRows } from '../analyze/analyze-mapping.js'
import { readAcceleratorOption, readTableOption } from '../inputs/table-inputs.js'
import { addImportOptions, readWorkload, type ImportSettings } from '../network-input.js'
import type { Verb, VerbResult } from '../verb.js'

interface AnalyzeOptions extends ImportSettings {
  readonly accelerator?: string
  readonly network?: string
  readonly mapping?: string
  readonly batch?: string
  readonly asPublished: boolean
  readonly overlap: boolean
  readonly explain: boolean
}

/** `heddle analyze` */
export const analyze: Verb = {
  configure(command) {
    command
      .option('--accelerator <a>', 'preset (heddle list accelerators), YAML or .cfg file')
      .option('--network <n>', 'preset (heddle list networks), YAML, .cfg, ONNX or Keras JSON file')
      .option('--mapping <file>', 'mapping: YAML or .cfg file')
      .option('--batch <file>', 'JSON array of mappings, in place of the three options above')
      .option('--overlap', 'stages overlap perfectly: the slowest is the latency', false)
      .option('--as-published', 'reproduce the published program’s figures', false)
      .option('--explain', 'every figure with its formula and the values put in', false)
    addImportOptions(command)
    command.addHelpText(
      'after',
      '\nExample:\n  heddle analyze --accelerator eyeriss --network resnet50 --mapping conv_2_2.yaml --explain\n\nA mapping that cannot run is reported with every constraint that it breaks; exit status 3.',
    )
  },
  async run(session, raw): Promise<VerbResult> {
    const options = raw as unknown as AnalyzeOptions
    const conventions: TableConventions = {
      ...(options.asPublished ? tableConventions.published : tableConventions.standard),
      overlap: options.overlap ? 'full' : 'none',
    }
    if (options.batch !== undefined) return runBatch(options.batch, options, conventions)
    const { accelerator, network, mapping } = required(options)
    const hardware = readAcceleratorOption(accelerator)
    const workload = readWorkload(network, options, options.asPublished ? 'as-written' : 'total')
    const table = readTableOption(mapping)
    if (/\.cfg$/i.test(mapping)) requireRows(table, hardware, mapping)
    const analysis = analyzeMapping(hardware, workload, table, conventions)
    const valid = analysis.violations.length === 0
    if (!valid && !session.shared.json) {
      throw new InfeasibleError(
        analysis.violations.map(({ message }) => ({
          code: 'E-MAP-011',
          at: { file: mapping },
          message: `the mapping of layer "${analysis.cost.problem.layer.name}" cannot run: ${message}`,
        })),
      )
    }
    return {
      json: analysisDocument(analysis, options.explain),
      text: analysisText(analysis, options.explain),
      files: () => analysisFiles(analysis, session.commandLine),
      ...(valid ? {} : { exitStatus: 3 as const }),
    }
  },
}

function runBatch(
  file: string,
  options: AnalyzeOptions,
  conventions: TableConventions,
): VerbResult {
  if (!existsSync(file) || statSync(file).isDirectory()) {
    throw new InputError({ code: 'E-IN-003', at: { file }, message: 'there is no such file' })
  }
  const entries = readAnalyzeBatch(readFileSync(file, 'utf8'), file)
  const documents = analyzeBatch(entries, file, conventions, options).map((analysis) =>
    analysisDocument(analysis, options.explain),
  )
  const text = textTable(
    [
      { title: 'accelerator', align: 'left', cell: (row) => row.accelerator },
      { title: 'layer', align: 'left', cell: (row) => row.layer },
      { title: 'energy pJ', cell: (row) => row.energyPj },
      { title: 'cycles', cell: (row) => row.latencyCycles },
      {
        title: 'runs',
        align: 'left',
        cell: (row) => (row.valid ? 'yes' : `no: ${row.violations[0].message}`),
      },
    ],
    documents,
  )
  return { json: documents, text }
}

function required(options: AnalyzeOptions): {
  readonly accelerator: string
  readonly network: string
  readonly mapping: string
} {
  const { accelerator, network, mapping } = options
  if (accelerator !== undefined && network !== undefined && mapping !== undefined)
    return { accelerator, network, mapping }
  throw new InputError(
    (['accelerator', 'network', 'mapping'] as const)
      .filter((name) => options[name] === undefined)
      .map((name) => ({
        code: 'E-MAP-003',
        message: `--${name} is missing`,
        hint: 'analyze takes --accelerator, --network and --mapping, or --batch',
      })),
  )
}
