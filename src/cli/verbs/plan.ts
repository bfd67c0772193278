import { homedir } from 'node:os'
import { join } from 'node:path'
import { InfeasibleError, InputError } from '../../base/index.js'
import { readScenario, scenarioVariants } from '../../formats/index.js'
import { runPlan, type PlanResult } from '../../plan/index.js'
import { readInput } from '../../presets/index.js'
import {
  planDocument,
  planFiles,
  planText,
  type ImpossibleVariant,
  type PlannedVariant,
} from '../../report/plan/index.js'
import { ContentCache } from '../../store/index.js'
import { collect } from '../options.js'
import { cachedRunner } from '../plan/cached-runner.js'
import { loadScenario } from '../plan/load-scenario.js'
import { checkPlanOptions } from '../plan/options.js'
import { cannotWrite, makeFolder } from '../out-folder.js'
import type { Session } from '../session.js'
import type { Verb } from '../verb.js'
import { packageVersion } from '../package-version.js'

const USER_CACHE = join(homedir(), '.cache', 'heddle')

/** `heddle plan SCENARIO.yaml` */
export const plan: Verb = {
  configure(command) {
    command
      .argument('<scenario>', 'preset (heddle list scenarios) or YAML file')
      .option(
        '--vary <path=values>',
        'run variants, e.g. chip.cores.npu.count=1..4; repeatable',
        collect,
      )
      .option('--objective <o>', 'energy, latency, edp or violations; default: the scenario’s own')
      .option('--place-policy <p>', 'how operations are placed on cores', 'auto')
      .option('--cache <dir>', 'where step results are kept', USER_CACHE)
      .option('--no-cache', 'compute everything anew and keep nothing')
      .addHelpText(
        'after',
        '\nExamples:\n  heddle plan smart-camera --out report\n  heddle plan ar-glasses --vary chip.cores.npu.count=2,4,6 --objective energy\n  heddle plan datacentre-mix --vary serve.partitions=1,2',
      )
  },
  async run(session, raw, [name]) {
    const options = checkPlanOptions(raw)
    const { text, file, path } = readInput(name, 'scenarios')
    readScenario(text, file)
    const cache = new ContentCache(cacheFolder(session, options.cache), packageVersion)
    const wanted = scenarioVariants(text, file, options.vary)
    const variants: PlannedVariant[] = []
    const impossible: ImpossibleVariant[] = []
    for (const { settings, text: changed } of wanted) {
      try {
        const result = await planOne(session, changed, file, path, options, cache)
        variants.push({ settings, result })
      } catch (error) {
        if (!isRefusal(error)) throw error
        // One impossible value must not cost the others; where all are, the last one says why.
        impossible.push({ settings, reasons: error.diagnostics.map(({ message }) => message) })
        if (impossible.length === wanted.length) throw error
      }
    }
    const { hits, misses } = cache
    return {
      json: planDocument({ variants, impossible }, { hits, misses }),
      text: planText({ variants, impossible }),
      files: () => planFiles({ variants, impossible }, session.commandLine),
    }
  },
}

function isRefusal(error: unknown): error is InputError | InfeasibleError {
  return error instanceof InputError || error instanceof InfeasibleError
}

/** The user's own cache folder is a convenience: where it cannot be made, nothing is kept. One that was asked for must be. */
function cacheFolder(session: Session, folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined
  try {
    makeFolder(folder)
    return folder
  } catch (error) {
    if (folder !== USER_CACHE) throw cannotWrite(folder, error)
    session.note(`nothing is cached: ${folder} cannot be written`)
    return undefined
  }
}

async function planOne(
  session: Session,
  text: string,
  file: string,
  path: string,
  options: ReturnType<typeof checkPlanOptions>,
  cache: ContentCache,
): Promise<PlanResult> {
  const scenario = readScenario(text, file)
  const objective = options.objective ?? scenario.objective
  const input = await loadScenario({ ...scenario, objective }, path)
  return runPlan(
    { ...input, seed: session.shared.seed, placePolicy: options.placePolicy },
    cachedRunner(session, cache),
    (p) => session.progress(p.message, p.fraction),
  )
}
