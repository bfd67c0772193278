import { homedir } from 'node:os'
import { join } from 'node:path'
import { readScenario, scenarioVariants } from '../../formats/index.js'
import { runPlan, type PlanResult } from '../../plan/index.js'
import { readInput } from '../../presets/index.js'
import { planDocument, planFiles, planText, type PlannedVariant } from '../../report/plan/index.js'
import { ContentCache } from '../../store/index.js'
import { collect } from '../options.js'
import { cachedRunner } from '../plan/cached-runner.js'
import { loadScenario } from '../plan/load-scenario.js'
import { checkPlanOptions } from '../plan/options.js'
import type { Session } from '../session.js'
import type { Verb } from '../verb.js'
import { packageVersion } from '../package-version.js'

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
      .option('--cache <dir>', 'where step results are kept', join(homedir(), '.cache', 'heddle'))
      .option('--no-cache', 'compute everything anew and keep nothing')
      .addHelpText(
        'after',
        '\nExamples:\n  heddle plan smart-camera --out report\n  heddle plan ar-glasses --vary chip.cores.npu.count=1..4 --objective violations\n  heddle plan datacentre-mix --vary serve.partitions=1,2',
      )
  },
  async run(session, raw, [name]) {
    const options = checkPlanOptions(raw)
    const { text, file, path } = readInput(name, 'scenarios')
    readScenario(text, file)
    const cache = new ContentCache(options.cache, packageVersion)
    const variants: PlannedVariant[] = []
    for (const variant of scenarioVariants(text, file, options.vary)) {
      variants.push({
        settings: variant.settings,
        result: await planOne(session, variant.text, file, path, options, cache),
      })
    }
    const started = { hits: cache.hits, misses: cache.misses }
    return {
      json: planDocument(variants, started),
      text: planText(variants),
      files: () => planFiles(variants, session.commandLine),
    }
  },
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
