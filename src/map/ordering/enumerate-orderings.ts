import type { Run } from '../../model/index.js'
import type { Step } from './label-search.js'
import { countOf } from './factor-lattice.js'
import type { OrderingSpace } from './ordering-space.js'
import { RunDominance } from './run-dominance.js'

/** What the enumeration asks of its caller. */
export interface Visitor {
  /** Whether mappings that cost at least this much may still be of interest. */
  wants(energyPj: number, cycles: number): boolean
  /** What to look at first: the move with the smallest value. */
  priority(energyPj: number, cycles: number): number
  /** A complete mapping, and its energy: where halos slide, at least so much. */
  visit(steps: readonly Step[], energyPj: number): void
}

/** A way to go on: place a factor (its axis) or cut (−1 − operand), and the least that a mapping after it costs. */
interface Move {
  readonly move: number
  readonly energyPj: number
  readonly cycles: number
  readonly priority: number
}

const CANCEL_INTERVAL = 1024

/**
 * Walks through all mappings in depth, most promising first, leaving out those that cost no less than one that stays:
 * cuts at one place in another order, cuts directly below loops that reuse the operand (such a cut moves up past them at
 * no cost), and orders of loops between cuts that another one dominates (`RunDominance`).
 * @param budget partial mappings to look at
 * @returns how many partial mappings were looked at, and whether none was left out for lack of budget
 */
export function enumerateOrderings(
  space: OrderingSpace,
  visitor: Visitor,
  budget: number,
  run: Run,
): { readonly nodes: number; readonly complete: boolean } {
  const { lattice, operands, bounds, slides } = space
  const count = operands.length
  // Where halos slide, a cut costs at least this; what it really costs shows when the mapping is complete.
  const cutPj = operands.map(({ energyPj }, p) =>
    slides?.p === p ? slides.energyPj.least : energyPj,
  )
  const reuses = space.problem.operands.map(({ operand }) =>
    lattice.axes.map(({ dim }) => operand.irrelevant.includes(dim)),
  )
  const steps: Step[] = []
  const runs = new RunDominance(space)
  const next = new Int32Array(count).fill(1)
  const claims = new Float64Array(space.capacityBits.length)
  // Operands whose last cut has only loops that reuse them above it: the next such loop may not follow.
  const bare = new Uint8Array(count)
  let accumulating = operands[0].accumulations[0] > 1
  let nodes = 0
  let stopped = false

  operands.forEach(({ depth, roomElements, bits, partialBits, accumulations }, p) => {
    const partial = depth === 1 && accumulations[0] > 1
    claims[space.memory[p][depth - 1]] +=
      roomElements[depth - 1][lattice.size - 1] * (partial ? partialBits : bits)
  })

  const { lines } = space
  const passed = lines?.baseCycles.slice() ?? new Float64Array(0)
  let waited = 0
  /** Least cycles of a mapping that goes on from here. */
  const leastCycles = (s: number): number => {
    if (lines === undefined) return space.leastCycles
    let most = 0
    for (let k = 0; k < lines.count; k++) {
      let cycles = passed[k]
      for (let p = 0; p < count; p++) cycles += lines.bounds[p][next[p]][s * lines.count + k]
      if (cycles > most) most = cycles
    }
    return most
  }
  /** Adds the cycles of cutting boundary b of operand p at state s; returns the ports that it is the first to keep busy. */
  const occupy = (p: number, b: number, s: number): number => {
    const fresh = lines === undefined ? 0 : lines.waits[p][b][s] & ~waited
    waited |= fresh
    pass(p, b, s, fresh, 1)
    return fresh
  }
  const vacate = (p: number, b: number, s: number, fresh: number): void => {
    waited &= ~fresh
    pass(p, b, s, fresh, -1)
  }
  const pass = (p: number, b: number, s: number, fresh: number, sign: 1 | -1): void => {
    if (lines === undefined) return
    for (let k = 0; k < lines.count; k++) {
      const waits = lines.waitBit[k] >= 0 && ((fresh >> lines.waitBit[k]) & 1) === 1
      const cycles = lines.cycles[p][b][s * lines.count + k]
      passed[k] += sign * (waits ? cycles + lattice.cycles[s] : cycles)
    }
  }
  const cyclesAfterCut = (p: number, s: number): number => {
    const b = next[p]
    const fresh = occupy(p, b, s)
    next[p] = b + 1
    const cycles = leastCycles(s)
    next[p] = b
    vacate(p, b, s, fresh)
    return cycles
  }

  const missing = (s: number): number => {
    let sum = 0
    for (let p = 0; p < count; p++) sum += bounds[p][next[p]][s]
    return sum
  }

  /** Room that cutting operand p at state s takes in each memory it changes, or undefined when it does not fit. */
  const fits = (p: number, s: number): readonly [number, number, number, number] | undefined => {
    const { depth, roomElements, bits, partialBits, accumulations } = operands[p]
    const b = next[p]
    const at = space.memory[p][b - 1]
    const own = roomElements[b - 1][s] * (p === 0 && accumulating ? partialBits : bits)
    if (claims[at] + own > space.capacityBits[at]) return undefined
    if (p !== 0 || b < depth - 1 || accumulations[s] <= 1) return [at, own, at, 0]
    const top = space.memory[p][depth - 1]
    const extra = roomElements[depth - 1][lattice.size - 1] * (partialBits - bits)
    const taken = claims[top] + (top === at ? own : 0)
    return taken + extra > space.capacityBits[top] ? undefined : [at, own, top, extra]
  }

  const consider = (moves: Move[], move: number, least: number, cycles: number): void => {
    if (!visitor.wants(least, cycles)) return
    moves.push({ move, energyPj: least, cycles, priority: visitor.priority(least, cycles) })
  }

  const walk = (s: number, energyPj: number, lastCut: number): void => {
    if (stopped || runs.isDominated(s)) return
    nodes++
    if (nodes > budget || (nodes % CANCEL_INTERVAL === 0 && run.cancelled())) {
      stopped = true
      return
    }
    const moves: Move[] = []
    for (let p = Math.max(0, lastCut); p < count; p++) {
      if (next[p] >= operands[p].depth || fits(p, s) === undefined) continue
      const spent = energyPj + cutPj[p][next[p]][s]
      const rest = missing(s) - bounds[p][next[p]][s] + bounds[p][next[p] + 1][s]
      consider(moves, -1 - p, spent + rest, cyclesAfterCut(p, s))
    }
    for (let i = 0; i < lattice.axes.length; i++) {
      if (countOf(lattice, s, i) >= lattice.axes[i].count) continue
      let pointless = false
      for (let p = 0; p < count; p++) if (bare[p] === 1 && reuses[p][i]) pointless = true
      if (pointless) continue
      const after = s + lattice.stride[i]
      consider(moves, i, energyPj + missing(after), leastCycles(after))
    }
    if (moves.length === 0) {
      const complete = s === lattice.size - 1 && operands.every((each, p) => next[p] === each.depth)
      if (complete) visitor.visit(steps, energyPj)
      return
    }
    moves.sort((a, b) => a.priority - b.priority || a.energyPj - b.energyPj || a.move - b.move)
    for (const { move, energyPj: least, cycles } of moves) {
      // The limit may have fallen since the moves were listed.
      if (!visitor.wants(least, cycles)) continue
      if (move < 0) cut(-1 - move, s, energyPj)
      else place(move, s, energyPj)
      if (stopped) return
    }
  }

  const cut = (p: number, s: number, energyPj: number): void => {
    const room = fits(p, s)
    if (room === undefined) return
    const [at, own, top, extra] = room
    const before = [bare[p], accumulating] as const
    const b = next[p]
    claims[at] += own
    claims[top] += extra
    next[p] = b + 1
    bare[p] = 1
    if (p === 0) accumulating = operands[0].accumulations[s] > 1
    const fresh = occupy(p, b, s)
    steps.push({ cut: p })
    runs.cut(p, s)
    walk(s, energyPj + cutPj[p][b][s], p)
    runs.uncut(p)
    steps.pop()
    vacate(p, b, s, fresh)
    ;[bare[p], accumulating] = before
    next[p] = b
    claims[at] -= own
    claims[top] -= extra
  }

  const place = (i: number, s: number, energyPj: number): void => {
    const before = bare.slice()
    for (let p = 0; p < count; p++) if (!reuses[p][i]) bare[p] = 0
    steps.push({ place: i })
    runs.place(i, s)
    walk(s + lattice.stride[i], energyPj, -1)
    runs.displace()
    steps.pop()
    bare.set(before)
  }

  walk(0, space.basePj, -1)
  return { nodes, complete: !stopped }
}
