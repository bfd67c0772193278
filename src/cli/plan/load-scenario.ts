import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { InputError } from '../../base/index.js'
import {
  workloadNetwork,
  type Network,
  type Scenario,
  type ScenarioNetwork,
} from '../../model/index.js'
import {
  clockMhzOf,
  type PlanInput,
  type ResolvedCore,
  type ResolvedNetwork,
} from '../../plan/index.js'
import { resolveInput, type PresetCategory } from '../../presets/index.js'
import { policies as servePolicies } from '../../serve/index.js'
import { suggestName } from '../../base/index.js'
import { readAnyAccelerator } from '../inputs/any-accelerator.js'
import { readModelNetwork, readWorkload } from '../network-input.js'
import { readNetworkTrace } from './network-trace.js'

/**
 * Reads everything that a scenario names. Files are looked for beside the scenario first, then as given, then among
 * the presets.
 * @throws InputError
 */
export async function loadScenario(
  scenario: Scenario,
  path: string,
): Promise<Pick<PlanInput, 'scenario' | 'networks' | 'cores'>> {
  const find = (value: string, category: PresetCategory): string => {
    const beside = join(dirname(path), value)
    return !isAbsolute(value) && existsSync(beside) ? beside : resolveInput(value, category)
  }
  for (const policy of scenario.serve.policies) {
    if (servePolicies[policy] === undefined) {
      throw new InputError({
        code: 'E-SCEN-006',
        at: { file: path },
        message: `"${policy}" is no policy of serve`,
        hint: suggestName(policy, Object.keys(servePolicies)),
      })
    }
  }
  const cores = scenario.chip.cores.map((core): ResolvedCore => {
    if (core.engine.kind === 'roofline') return { core }
    const resolved = {
      core,
      accelerator: readAnyAccelerator(find(core.engine.accelerator, 'accelerators')),
    }
    if (clockMhzOf(resolved) === undefined) {
      throw new InputError({
        code: 'E-SCEN-007',
        at: { file: path },
        message: `accelerator "${resolved.accelerator.name}" of core "${core.name}" has no clock`,
        hint: 'give the core a clockMhz',
      })
    }
    if (
      core.engine.deepestStack !== undefined &&
      resolved.accelerator.kind !== 'hierarchical-accelerator'
    ) {
      throw new InputError({
        code: 'E-SCEN-010',
        at: { file: path },
        message: `core "${core.name}" cannot run depth-first: accelerator "${resolved.accelerator.name}" has the scheduling-table model`,
        hint: 'give it a hierarchical accelerator, or schedule: layer-by-layer',
      })
    }
    return resolved
  })
  const networks = await Promise.all(
    scenario.networks.map(async (settings): Promise<ResolvedNetwork> => {
      const network = readModel(find(settings.model, 'networks'), settings)
      return {
        settings,
        network,
        frequency: frequencyOf(scenario, settings),
        ...(settings.trace === undefined
          ? {}
          : { trace: await readNetworkTrace(settings.trace, dirname(path), network) }),
      }
    }),
  )
  return { scenario, networks, cores }
}

function readModel(path: string, { bind, precision, assumeElementwise }: ScenarioNetwork): Network {
  const settings = { bind, assumeElementwise, ...(precision === undefined ? {} : { precision }) }
  return readModelNetwork(path, settings) ?? workloadNetwork(readWorkload(path))
}

/** Probability that the chain of networks that this one follows runs this far. */
function frequencyOf(scenario: Scenario, settings: ScenarioNetwork): number {
  let product = 1
  let at: ScenarioNetwork | undefined = settings
  while (at?.after !== undefined) {
    product *= at.after.probability
    const leader: string = at.after.network
    at = scenario.networks.find((each) => each.name === leader)
  }
  return product
}
