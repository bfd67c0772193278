import {
  layerOperands,
  levelsOf,
  type Bypass,
  type HierarchicalAccelerator,
  type Layer,
  type Operand,
} from '../../model/index.js'

/** Which memories a search may let operands pass by. */
export const bypassChoices = ['given', 'auto'] as const
export type BypassChoice = (typeof bypassChoices)[number]

/**
 * All ways in which the operands of a layer may pass by memories, those with the fewest first. Nothing passes by its
 * outermost memory.
 * @param choice `given`: where the accelerator says `mayBypass`; `auto`: everywhere
 */
export function bypassCandidates(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  choice: BypassChoice,
): Bypass[] {
  let candidates: Bypass[] = [{}]
  for (const operand of operandsOf(layer)) {
    const passable = levelsOf(accelerator, operand)
      .slice(0, -1)
      .map((index) => accelerator.memories[index])
      .filter((memory) => choice === 'auto' || memory.mayBypass?.includes(operand) === true)
    candidates = candidates.flatMap((chosen) =>
      subsets(passable.map((memory) => memory.name)).map((names) =>
        names.length === 0 ? chosen : { ...chosen, [operand]: names },
      ),
    )
  }
  const skipped = (bypass: Bypass) => Object.values(bypass).flat().length
  return candidates.sort((a, b) => skipped(a) - skipped(b))
}

/** The second input of an addition goes where the first one goes. */
function operandsOf(layer: Layer): Operand[] {
  return layerOperands(layer).flatMap(({ name, memory }) => (name === 'input2' ? [] : [memory]))
}

function subsets(names: readonly string[]): string[][] {
  return names.reduce<string[][]>(
    (all, name) => [...all, ...all.map((each) => [...each, name])],
    [[]],
  )
}
