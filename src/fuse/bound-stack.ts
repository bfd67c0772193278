import { tileSteps } from './evaluate-tile.js'
import type { MappedLayer } from './layer-problem.js'
import type { EnergyAndLatency } from './objective.js'
import type { Stack } from './stack.js'
import type { TileFloors } from './tile-floors.js'
import type { TileContext } from './tile-step.js'
import type { TileType } from './tile-type.js'

/** What a stack with certain tiles costs at least. */
export interface StackBound extends EnergyAndLatency {
  /** How far it was bounded: by the floors of its tiles, up to some layer, or every layer by a search of its own. */
  readonly depth: 'tiles' | 'layers' | 'all'
}

/** Tells a cost from which on a stack is of no use. */
export type Hopeless = (cost: EnergyAndLatency) => boolean

/**
 * Bounds a stack tile type by tile type, those that weigh most first: each layer's floor gives way to the exact bound of
 * its mapping, and copies are added as they are, until the sum shows that the stack is of no use.
 * @throws InfeasibleError when a layer fits nowhere
 */
export function boundStack(
  context: TileContext<MappedLayer>,
  floors: TileFloors,
  stack: Stack,
  tiles: readonly TileType[],
  isHopeless: Hopeless,
): StackBound {
  const types = tiles.map((tile) => {
    const steps = floors.floorsOf(stack, tile)
    const energyPj = steps.reduce((sum, each) => sum + each.energyPj, 0)
    return { tile, steps, weight: tile.count * energyPj }
  })
  let energyPj = 0
  let latencyCycles = 0
  for (const { tile, steps } of types) {
    for (const each of steps) {
      energyPj += tile.count * each.energyPj
      latencyCycles += tile.count * each.latencyCycles
    }
  }
  if (isHopeless({ energyPj, latencyCycles })) return { energyPj, latencyCycles, depth: 'tiles' }
  for (const { tile, steps } of types.toSorted((a, b) => b.weight - a.weight)) {
    let at = 0
    for (const step of tileSteps(context, stack, tile)) {
      const floor = steps[at++]
      const computed = step.kind === 'layer' ? step.computed?.solution : undefined
      const spentPj = step.copies.energyPj + (computed?.energyPj ?? 0)
      const spentCycles = step.copies.latencyCycles + (computed?.latencyCycles ?? 0)
      energyPj += tile.count * Math.max(0, spentPj - floor.energyPj)
      latencyCycles += tile.count * Math.max(0, spentCycles - floor.latencyCycles)
      if (isHopeless({ energyPj, latencyCycles })) {
        return { energyPj, latencyCycles, depth: 'layers' }
      }
    }
  }
  return { energyPj, latencyCycles, depth: 'all' }
}
