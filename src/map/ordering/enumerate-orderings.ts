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
  const axes = lattice.axes.length
  // Where halos slide, a cut costs at least this; what it really costs shows when the mapping is complete.
  const cutPj = operands.map(({ energyPj }, p) =>
    slides?.p === p ? slides.energyPj.least : energyPj,
  )
  // [axis]: operands, as bits, that its loops reuse.
  const reuses = lattice.axes.map(({ dim }) =>
    space.problem.operands.reduce(
      (bits, { operand }, p) => (operand.irrelevant.includes(dim) ? bits | (1 << p) : bits),
      0,
    ),
  )
  const steps: Step[] = []
  const runs = new RunDominance(space)
  const next = new Int32Array(count).fill(1)
  const claims = new Float64Array(space.capacityBits.length)
  // Operands, as bits, whose last cut has only loops that reuse them above it: the next such loop may not follow.
  let bare = 0
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
  const longest = new Float64Array(passed.length)
  let waited = 0
  /** Least cycles of a mapping that goes on from here. */
  const leastCycles = (s: number): number => {
    if (lines === undefined) return space.leastCycles
    longest.set(passed)
    const first = s * lines.count
    for (let p = 0; p < count; p++) {
      const missing = lines.bounds[p][next[p]]
      for (let k = 0; k < longest.length; k++) longest[k] += missing[first + k]
    }
    let most = 0
    for (let k = 0; k < longest.length; k++) if (longest[k] > most) most = longest[k]
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

  // What the cut that was asked about last adds to the room taken in its own memory, and in the operand's top memory.
  let ownBits = 0
  let topBits = 0
  /** Whether cutting operand p at state s leaves it and the others room. */
  const fits = (p: number, s: number): boolean => {
    const { depth, roomElements, bits, partialBits, accumulations } = operands[p]
    const b = next[p]
    const at = space.memory[p][b - 1]
    ownBits = roomElements[b - 1][s] * (p === 0 && accumulating ? partialBits : bits)
    topBits = 0
    if (claims[at] + ownBits > space.capacityBits[at]) return false
    if (p !== 0 || b < depth - 1 || accumulations[s] <= 1) return true
    const top = space.memory[p][depth - 1]
    topBits = roomElements[depth - 1][lattice.size - 1] * (partialBits - bits)
    const taken = claims[top] + (top === at ? ownBits : 0)
    return taken + topBits <= space.capacityBits[top]
  }

  // Ways to go on from every step on the path, and the least that a mapping costs after each: place a factor (its axis)
  // or cut (−1 − operand). A step has at most one of every axis and operand.
  const ways = new Ways((lattice.placed[lattice.size - 1] + totalDepth(space)) * (count + axes))

  const consider = (move: number, energyPj: number, cycles: number): void => {
    if (!visitor.wants(energyPj, cycles)) return
    ways.add(move, energyPj, cycles, visitor.priority(energyPj, cycles))
  }

  const walk = (s: number, energyPj: number, lastCut: number): void => {
    if (stopped || runs.isDominated(s)) return
    nodes++
    if (nodes > budget || (nodes % CANCEL_INTERVAL === 0 && run.cancelled())) {
      stopped = true
      return
    }
    const first = ways.end
    for (let p = Math.max(0, lastCut); p < count; p++) {
      const b = next[p]
      if (b >= operands[p].depth || !fits(p, s)) continue
      const rest = missing(s) - bounds[p][b][s] + bounds[p][b + 1][s]
      const least = energyPj + cutPj[p][b][s] + rest
      if (!visitor.wants(least, space.leastCycles)) continue
      consider(-1 - p, least, cyclesAfterCut(p, s))
    }
    for (let i = 0; i < axes; i++) {
      if (countOf(lattice, s, i) >= lattice.axes[i].count || (bare & reuses[i]) !== 0) continue
      const after = s + lattice.stride[i]
      const least = energyPj + missing(after)
      if (!visitor.wants(least, space.leastCycles)) continue
      consider(i, least, leastCycles(after))
    }
    if (ways.end === first) {
      const complete = s === lattice.size - 1 && operands.every((each, p) => next[p] === each.depth)
      if (complete) visitor.visit(steps, energyPj)
      return
    }
    ways.sortFrom(first)
    for (let at = first; at < ways.end; at++) {
      // The limit may have fallen since the ways were listed.
      if (!visitor.wants(ways.energyPj[at], ways.cycles[at])) continue
      const move = ways.move[at]
      if (move < 0) cut(-1 - move, s, energyPj)
      else place(move, s, energyPj)
      if (stopped) return
    }
    ways.end = first
  }

  const cut = (p: number, s: number, energyPj: number): void => {
    if (!fits(p, s)) return
    const b = next[p]
    const at = space.memory[p][b - 1]
    const top = space.memory[p][operands[p].depth - 1]
    const [own, more, bareBefore, accumulatingBefore] = [ownBits, topBits, bare, accumulating]
    claims[at] += own
    claims[top] += more
    next[p] = b + 1
    bare |= 1 << p
    if (p === 0) accumulating = operands[0].accumulations[s] > 1
    const fresh = occupy(p, b, s)
    steps.push({ cut: p })
    runs.cut(p, s)
    walk(s, energyPj + cutPj[p][b][s], p)
    runs.uncut(p)
    steps.pop()
    vacate(p, b, s, fresh)
    bare = bareBefore
    accumulating = accumulatingBefore
    next[p] = b
    claims[at] -= own
    claims[top] -= more
  }

  const place = (i: number, s: number, energyPj: number): void => {
    const before = bare
    bare &= reuses[i]
    steps.push({ place: i })
    runs.place(i, s)
    walk(s + lattice.stride[i], energyPj, -1)
    runs.displace()
    steps.pop()
    bare = before
  }

  walk(0, space.basePj, -1)
  return { nodes, complete: !stopped }
}

/** Boundaries of all operands that are to be cut. */
function totalDepth({ operands }: OrderingSpace): number {
  return operands.reduce((sum, { depth }) => sum + depth, 0)
}

/** Lists of ways to go on, one above the other. */
class Ways {
  end = 0
  readonly move: Int32Array
  readonly energyPj: Float64Array
  readonly cycles: Float64Array
  private readonly priority: Float64Array

  constructor(most: number) {
    this.move = new Int32Array(most)
    this.energyPj = new Float64Array(most)
    this.cycles = new Float64Array(most)
    this.priority = new Float64Array(most)
  }

  add(move: number, energyPj: number, cycles: number, priority: number): void {
    this.set(this.end++, move, energyPj, cycles, priority)
  }

  /** Sorts the list that begins there by priority, then energy, then the number of the move. */
  sortFrom(first: number): void {
    for (let i = first + 1; i < this.end; i++) {
      const [move, energyPj] = [this.move[i], this.energyPj[i]]
      const [cycles, priority] = [this.cycles[i], this.priority[i]]
      let at = i
      while (at > first && this.isAfter(at - 1, move, energyPj, priority)) {
        const below = at - 1
        this.set(
          at,
          this.move[below],
          this.energyPj[below],
          this.cycles[below],
          this.priority[below],
        )
        at = below
      }
      this.set(at, move, energyPj, cycles, priority)
    }
  }

  private isAfter(at: number, move: number, energyPj: number, priority: number): boolean {
    if (this.priority[at] !== priority) return this.priority[at] > priority
    if (this.energyPj[at] !== energyPj) return this.energyPj[at] > energyPj
    return this.move[at] > move
  }

  private set(at: number, move: number, energyPj: number, cycles: number, priority: number): void {
    this.move[at] = move
    this.energyPj[at] = energyPj
    this.cycles[at] = cycles
    this.priority[at] = priority
  }
}
