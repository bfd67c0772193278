import type { Scenario } from '../model/index.js'
import { socOf } from './chip.js'
import { networkCosts, type CostedNetwork, type NetworkCosts } from './network-costs.js'
import type { PlaceStepInput, PlaceStepOutput } from './place-step.js'
import type { StepRunner } from './steps.js'

/** A network run in one way, placed alone on the chip or on one of its equal parts. */
export interface PlacedNetwork {
  readonly costs: NetworkCosts
  readonly placed: PlaceStepOutput
  /** Energy of one inference: the sum over its operations. */
  readonly energyPj: number
}

/** Levels 2 and 3: how each network runs, and all of them together. */
export interface Placement {
  readonly networks: readonly {
    readonly chosen: PlacedNetwork
    /** Every way that was tried, layer by layer first. */
    readonly tried: readonly PlacedNetwork[]
  }[]
  readonly together: PlaceStepOutput
}

/**
 * Places every network layer by layer, and once more for every kind of core that runs it in stacks; the way that is
 * better by the scenario's objective is kept (deadlines are met by latency), so that stacks never make a plan worse.
 */
export async function placeNetworks(
  scenario: Scenario,
  networks: readonly CostedNetwork[],
  policy: string,
  runner: StepRunner,
): Promise<Placement> {
  const ways = networks.map((network) => [
    networkCosts(network),
    ...network.stacks.flatMap((each, k) =>
      each === undefined || each.stacks.length === 0 ? [] : [networkCosts(network, k)],
    ),
  ])
  const part = socOf(scenario, scenario.serve.partitions)
  const inputs = ways.flatMap((each) => each.map((costs) => placeInput([costs], part, policy)))
  const placed = await runner.run('place', inputs)
  let at = 0
  const alone = ways.map((each) => {
    const tried = each.map((costs) => placedNetwork(costs, placed[at++], scenario))
    return { tried, chosen: tried.reduce((a, b) => (isBetter(b, a, scenario) ? b : a)) }
  })
  const chosen = alone.map((each) => each.chosen.costs)
  const [together] = await runner.run('place', [placeInput(chosen, socOf(scenario), policy)])
  return { networks: alone, together }
}

function placeInput(
  costs: readonly NetworkCosts[],
  soc: PlaceStepInput['soc'],
  policy: string,
): PlaceStepInput {
  return {
    soc,
    graphs: costs.map((each) => each.graph),
    timesUs: costs.map((each) =>
      each.costs.map((row) => row.map((cost) => cost?.latencyUs ?? null)),
    ),
    policy,
  }
}

function placedNetwork(
  costs: NetworkCosts,
  placed: PlaceStepOutput,
  { chip }: Scenario,
): PlacedNetwork {
  const kinds = chip.cores.map(({ name }) => name)
  const energyPj = costs.costs.reduce(
    (sum, row, i) => sum + (row[kinds.indexOf(placed.schedule.core[i])]?.energyPj ?? 0),
    0,
  )
  return { costs, placed, energyPj }
}

function isBetter(a: PlacedNetwork, b: PlacedNetwork, { objective }: Scenario): boolean {
  const value = ({ placed, energyPj }: PlacedNetwork): number => {
    switch (objective) {
      case 'energy':
        return energyPj
      case 'edp':
        return energyPj * placed.makespanUs
      case 'latency':
      case 'violations':
        return placed.makespanUs
    }
  }
  return value(a) < value(b) || (value(a) === value(b) && a.energyPj < b.energyPj)
}
