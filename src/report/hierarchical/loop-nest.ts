import { formatNumber } from '../../base/index.js'
import type { HierarchicalMapping } from '../../map/hierarchical/index.js'

/**
 * A mapping as a person would write the loop nest: outermost loop first, and before each loop the memories that from
 * there on inwards hold an operand; at the bottom the loops spread over the array.
 */
export function hierarchicalLoopNest({ mapping, problem, cost }: HierarchicalMapping): string {
  const lines: string[] = []
  let depth = 0
  const say = (text: string): void => {
    lines.push('  '.repeat(depth) + text)
  }
  for (const [operand, memories] of Object.entries(mapping.bypass ?? {})) {
    say(`# ${operand} passes by ${memories.join(', ')}`)
  }
  for (let i = mapping.loops.length; i >= 0; i--) {
    const held = problem.operands.flatMap(({ operand, memories }, p) => {
      const cuts = mapping.cuts[operand.name] ?? []
      return memories.flatMap((memory, m) =>
        cuts[m] === i
          ? [
              {
                m,
                text: `${memory.name} holds ${operand.name} (${elementsText(cost.operands[p].levels[m].elements)})`,
              },
            ]
          : [],
      )
    })
    for (const { text } of held.sort((a, b) => b.m - a.m)) say(`# ${text}`)
    if (i === 0) break
    const { dim, size } = mapping.loops[i - 1]
    say(`for ${dim} in 0 … ${size - 1}`)
    depth++
  }
  const spread = mapping.spatial.map(
    ({ arrayDimension, dim, factor }) => `${dim} × ${factor} over ${arrayDimension}`,
  )
  say(spread.length > 0 ? `in parallel: ${spread.join(', ')}` : 'one unit at a time')
  return lines.join('\n')
}

/** Elements of a tile; averages over passes that are not all full to one decimal. */
function elementsText(elements: number): string {
  return formatNumber(Math.round(10 * elements) / 10, 12)
}
