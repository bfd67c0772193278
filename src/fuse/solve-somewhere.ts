import { InfeasibleError } from '../base/index.js'
import type { LayerMisfit, LayerProblem, MappedLayer, Tops } from './layer-problem.js'
import type { MemoryView } from './memory-view.js'

/**
 * Maps a layer; where its tops are too tight, raises the output's, then the input's, then both, and so on; at last the
 * same with the second matrix of a product at the top.
 * @param mayRise whose tops are not given by what they hold
 * @throws InfeasibleError when it fits at no level, naming the memory and by how much
 */
export function solveSomewhere<S extends MappedLayer>(
  view: MemoryView,
  solve: (problem: LayerProblem) => S | LayerMisfit,
  problem: LayerProblem,
  mayRise: { readonly output: boolean; readonly weight: boolean },
): { readonly tops: Tops; readonly solution: S } {
  const first = solve(problem)
  if (first.kind === 'solved') return { tops: problem.tops, solution: first }
  const { tops } = problem
  const moreInput = view.levels.input.length - 1 - tops.input
  const moreOutput = mayRise.output ? view.levels.output.length - 1 - tops.output : 0
  // With the highest tops only what is truly too small is left to complain about.
  let { reason } = first
  const raises: [number, number][] = []
  for (let step = 1; step <= Math.max(moreInput, moreOutput); step++) {
    raises.push([step, step - 1], [step - 1, step], [step, step])
  }
  const weights = [tops.weight, ...(mayRise.weight ? [view.levels.weight.length - 1] : [])]
  for (const [w, weight] of weights.entries()) {
    for (const [output, input] of w === 0 ? raises : [[0, 0], ...raises]) {
      if (output > moreOutput || input > moreInput) continue
      const raised = { output: tops.output + output, input: tops.input + input, weight }
      const solution = solve({ ...problem, tops: raised })
      if (solution.kind === 'solved') return { tops: raised, solution }
      reason = solution.reason
    }
  }
  throw new InfeasibleError(reason)
}
