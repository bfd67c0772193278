import type { StackCost } from './evaluate-stack.js'
import type { MemoryView } from './memory-view.js'

/** Elements accessed at one memory stage: by copies, by activations and by weights of the layers. */
export interface StageAccesses {
  copies: number
  activations: number
  weights: number
}

/** The stages of Fig. 14: the outermost memory, the one below it, and the innermost SRAM. */
export interface AccessStages {
  readonly dram: StageAccesses
  readonly globalBuffer: StageAccesses
  readonly localBuffer: StageAccesses
}

/**
 * Elements that a schedule accesses per stage (spec §13). A layer's operand counts at a stage only where its tile
 * reaches: DRAM when it uses all levels, the global buffer when it reaches the second-highest. Every memory on the way
 * of a copy is accessed once per byte.
 */
export function accessStages(view: MemoryView, costs: readonly StackCost[]): AccessStages {
  const empty = (): StageAccesses => ({ copies: 0, activations: 0, weights: 0 })
  const stages = { dram: empty(), globalBuffer: empty(), localBuffer: empty() }
  const { input } = view.levels
  const stageOf = new Map([
    [input[0], stages.localBuffer],
    [input[input.length - 2], stages.globalBuffer],
    [input[input.length - 1], stages.dram],
  ])
  for (const { tile, steps } of costs.flatMap((cost) => cost.types)) {
    for (const step of steps) {
      for (const { bits, hops, from } of step.copies.actions) {
        for (const memory of [from.memory, ...hops.map((hop) => hop.to)]) {
          const stage = stageOf.get(memory)
          if (stage !== undefined) stage.copies += tile.count * Math.ceil(bits / 8)
        }
      }
      if (step.kind === 'source' || step.computed === undefined) continue
      for (const link of step.computed.solution.links) {
        const kind = link.name === 'weight' ? 'weights' : 'activations'
        const isInput = link.name === 'input' || link.name === 'input2'
        const full = view.levels[isInput ? 'input' : link.operand].length
        const amount = tile.count * link.elements
        if (link.level === full - 1) stages.dram[kind] += amount
        else if (link.level === full - 2) stages.globalBuffer[kind] += amount
        if (link.level === (isInput ? 0 : 1)) stages.localBuffer[kind] += amount
      }
    }
  }
  return stages
}
