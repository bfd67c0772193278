// Longer than 300 lines: propagation, conflict analysis and decisions share the trail and are one algorithm.

/** A literal: 2·variable for "true", 2·variable + 1 for "false". */
export type Literal = number

/** Called by the solver; decides what the Boolean assignment implies beyond the clauses. */
export interface Theory {
  /** A literal has become true. */
  assigned(literal: Literal): void
  /** Draws conclusions through `solver.imply`; returns a conflict clause (all literals false) or undefined. */
  propagate(): Literal[] | undefined
  /** The reason of a literal that this theory implied: literals that were true before it. */
  explain(literal: Literal): Literal[]
  /** Forgets everything that was concluded above a level. */
  backtrack(level: number): void
}

interface Clause {
  readonly literals: Literal[]
  readonly learned: boolean
  activity: number
}

const THEORY = -2
const NONE = -1

/**
 * Conflict-driven clause learning (Marques-Silva and Sakallah 1999; Eén and Sörensson 2003) over a theory whose
 * conclusions are explained lazily. Two watched literals, first unique implication point, activity-ordered decisions,
 * saved phases, Luby restarts, deletion of inactive clauses.
 */
export class ClauseSolver {
  readonly variables: number
  /** 1 true, −1 false, 0 open; per literal. */
  readonly value: Int8Array
  /** Preferred value of a variable when it is decided. */
  readonly phase: Int8Array
  readonly activity: Float64Array
  conflicts = 0
  decisions = 0
  private readonly level: Int32Array
  private readonly reason: Int32Array
  private readonly trail: Int32Array
  private trailSize = 0
  private head = 0
  private readonly marks: number[] = []
  private readonly clauses: (Clause | undefined)[] = []
  private readonly watches: number[][]
  private readonly seen: Uint8Array
  private readonly heap: Int32Array
  private readonly heapAt: Int32Array
  private heapSize = 0
  private increment = 1
  private clauseIncrement = 1
  private learnedCount = 0
  private readonly theory: Theory
  private broken = false

  constructor(variables: number, makeTheory: (solver: ClauseSolver) => Theory) {
    this.variables = variables
    this.value = new Int8Array(2 * variables)
    this.phase = new Int8Array(variables).fill(-1)
    this.activity = new Float64Array(variables)
    this.level = new Int32Array(variables)
    this.reason = new Int32Array(variables)
    this.trail = new Int32Array(variables)
    this.watches = Array.from({ length: 2 * variables }, () => [])
    this.seen = new Uint8Array(variables)
    this.heap = new Int32Array(variables)
    this.heapAt = new Int32Array(variables).fill(-1)
    this.theory = makeTheory(this)
  }

  get decisionLevel(): number {
    return this.marks.length
  }

  levelOf(literal: Literal): number {
    return this.level[literal >> 1]
  }

  /** Adds a clause at level 0. */
  addClause(literals: readonly Literal[]): void {
    const open: Literal[] = []
    for (const literal of new Set(literals)) {
      if (this.value[literal] === 1 || literals.includes(literal ^ 1)) return
      if (this.value[literal] === 0) open.push(literal)
    }
    if (open.length === 0) this.broken = true
    else if (open.length === 1) this.assign(open[0], NONE)
    else this.attach({ literals: open, learned: false, activity: 0 })
  }

  /** For the theory: makes a literal true that follows from what is true. False when it is false already. */
  imply(literal: Literal): boolean {
    if (this.value[literal] === 1) return true
    if (this.value[literal] === -1) return false
    this.assign(literal, THEORY)
    return true
  }

  /** Back to level 0, e.g. before a bound is tightened. */
  reset(): void {
    this.backtrack(0)
  }

  /**
   * Searches for an assignment of all variables.
   * @returns `sat`, `unsat` (nothing satisfies clauses and theory), or `stopped`
   */
  solve(maxConflicts: number, cancelled: () => boolean): 'sat' | 'unsat' | 'stopped' {
    if (this.broken) return 'unsat'
    this.heapSize = 0
    this.heapAt.fill(-1)
    for (let v = 0; v < this.variables; v++) if (this.value[2 * v] === 0) this.heapInsert(v)
    let spent = 0
    for (let round = 1; ; round++) {
      const until = spent + 128 * luby(round)
      for (;;) {
        const conflict = this.propagate()
        if (conflict !== undefined) {
          this.conflicts++
          spent++
          if (!this.learn(conflict)) {
            this.broken = true
            return 'unsat'
          }
          if ((spent & 63) === 0 && cancelled()) return 'stopped'
          if (spent >= maxConflicts) return 'stopped'
          continue
        }
        if (spent >= until) {
          this.backtrack(0)
          if (this.learnedCount > 4000 + this.conflicts / 8) this.forget()
          break
        }
        const variable = this.pick()
        if (variable < 0) return 'sat'
        this.decisions++
        this.marks.push(this.trailSize)
        this.assign(2 * variable + (this.phase[variable] > 0 ? 0 : 1), NONE)
        if ((this.decisions & 1023) === 0 && cancelled()) return 'stopped'
      }
    }
  }

  private assign(literal: Literal, reason: number): void {
    const v = literal >> 1
    this.value[literal] = 1
    this.value[literal ^ 1] = -1
    this.level[v] = this.marks.length
    this.reason[v] = reason
    this.trail[this.trailSize++] = literal
    this.theory.assigned(literal)
  }

  private attach(clause: Clause): number {
    const id = this.clauses.push(clause) - 1
    this.watches[clause.literals[0] ^ 1].push(id)
    this.watches[clause.literals[1] ^ 1].push(id)
    if (clause.learned) this.learnedCount++
    return id
  }

  /** Clauses first, then the theory, until nothing follows any more. Returns a clause whose literals are all false. */
  private propagate(): readonly Literal[] | undefined {
    for (;;) {
      while (this.head < this.trailSize) {
        const conflict = this.propagateClauses(this.trail[this.head++])
        if (conflict !== undefined) return conflict
      }
      const before = this.trailSize
      const conflict = this.theory.propagate()
      if (conflict !== undefined) return conflict
      if (this.trailSize === before) return undefined
    }
  }

  private propagateClauses(literal: Literal): readonly Literal[] | undefined {
    const list = this.watches[literal]
    const negated = literal ^ 1
    const { value } = this
    let kept = 0
    for (let i = 0; i < list.length; i++) {
      const clause = this.clauses[list[i]]
      if (clause === undefined) continue
      const { literals } = clause
      if (literals[0] === negated) {
        literals[0] = literals[1]
        literals[1] = negated
      }
      if (value[literals[0]] === 1) {
        list[kept++] = list[i]
        continue
      }
      let moved = false
      for (let k = 2; k < literals.length; k++) {
        if (value[literals[k]] === -1) continue
        literals[1] = literals[k]
        literals[k] = negated
        this.watches[literals[1] ^ 1].push(list[i])
        moved = true
        break
      }
      if (moved) continue
      list[kept++] = list[i]
      if (value[literals[0]] === -1) {
        for (let j = i + 1; j < list.length; j++) list[kept++] = list[j]
        list.length = kept
        return literals
      }
      this.assign(literals[0], list[i])
    }
    list.length = kept
    return undefined
  }

  /** Learns from a conflict and goes back. False at level 0: there is no solution. */
  private learn(conflict: readonly Literal[]): boolean {
    // A theory conflict may lie wholly below the current level.
    let top = 0
    for (const literal of conflict) top = Math.max(top, this.level[literal >> 1])
    if (top === 0) return false
    if (top < this.marks.length) this.backtrack(top)
    const learned: Literal[] = [0]
    const { seen } = this
    let open = 0
    let at = this.trailSize
    let literals = conflict
    let skip = -1
    const touched: number[] = []
    for (;;) {
      for (const literal of literals) {
        const v = literal >> 1
        if (literal === skip || seen[v] === 1 || this.level[v] === 0) continue
        seen[v] = 1
        touched.push(v)
        this.bump(v)
        if (this.level[v] === top) open++
        else learned.push(literal)
      }
      do at--
      while (seen[this.trail[at] >> 1] === 0)
      const pivot = this.trail[at]
      seen[pivot >> 1] = 0
      if (--open === 0) {
        learned[0] = pivot ^ 1
        break
      }
      skip = pivot
      literals = this.reasonOf(pivot)
    }
    for (const v of touched) seen[v] = 0
    let second = 0
    for (let i = 1; i < learned.length; i++) {
      if (second === 0 || this.level[learned[i] >> 1] > this.level[learned[second] >> 1]) second = i
    }
    const back = second === 0 ? 0 : this.level[learned[second] >> 1]
    this.backtrack(back)
    this.increment /= 0.95
    this.clauseIncrement /= 0.999
    if (learned.length === 1) this.assign(learned[0], NONE)
    else {
      const other = learned[1]
      learned[1] = learned[second]
      learned[second] = other
      const id = this.attach({ literals: learned, learned: true, activity: this.clauseIncrement })
      this.assign(learned[0], id)
    }
    return true
  }

  /** Clause that made a literal true: the literal itself and false ones. */
  private reasonOf(literal: Literal): readonly Literal[] {
    const id = this.reason[literal >> 1]
    if (id === THEORY) return this.theory.explain(literal).map((each) => each ^ 1)
    const clause = this.clauses[id]
    if (clause === undefined) return []
    if (clause.learned) clause.activity += this.clauseIncrement
    return clause.literals
  }

  private backtrack(level: number): void {
    if (this.marks.length <= level) return
    const size = this.marks[level]
    for (let i = this.trailSize - 1; i >= size; i--) {
      const literal = this.trail[i]
      const v = literal >> 1
      this.value[literal] = 0
      this.value[literal ^ 1] = 0
      this.phase[v] = (literal & 1) === 0 ? 1 : -1
      if (this.heapAt[v] < 0) this.heapInsert(v)
    }
    this.trailSize = size
    this.head = size
    this.marks.length = level
    this.theory.backtrack(level)
  }

  /** Drops the less active half of the long learned clauses that no assignment rests on; called at level 0. */
  private forget(): void {
    const learned = this.clauses
      .map((clause, id) => ({ clause, id }))
      .filter((each) => each.clause?.learned === true && each.clause.literals.length > 2)
    learned.sort((a, b) => (a.clause?.activity ?? 0) - (b.clause?.activity ?? 0))
    for (const { id } of learned.slice(0, learned.length >> 1)) {
      const first = this.clauses[id]?.literals[0] ?? 0
      if (this.value[first] === 1 && this.reason[first >> 1] === id) continue
      this.clauses[id] = undefined
      this.learnedCount--
    }
    if (this.clauseIncrement > 1e100) {
      for (const clause of this.clauses) if (clause !== undefined) clause.activity *= 1e-100
      this.clauseIncrement *= 1e-100
    }
  }

  private bump(v: number): void {
    this.activity[v] += this.increment
    if (this.activity[v] > 1e100) {
      for (let i = 0; i < this.variables; i++) this.activity[i] *= 1e-100
      this.increment *= 1e-100
    }
    if (this.heapAt[v] >= 0) this.rise(this.heapAt[v])
  }

  private pick(): number {
    while (this.heapSize > 0) {
      const v = this.heap[0]
      this.heapAt[v] = -1
      const last = this.heap[--this.heapSize]
      if (this.heapSize > 0) {
        this.heap[0] = last
        this.heapAt[last] = 0
        this.sink(0)
      }
      if (this.value[2 * v] === 0) return v
    }
    return -1
  }

  private heapInsert(v: number): void {
    this.heap[this.heapSize] = v
    this.heapAt[v] = this.heapSize
    this.rise(this.heapSize++)
  }

  private rise(start: number): void {
    const { heap, heapAt, activity } = this
    let i = start
    const v = heap[i]
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (activity[heap[parent]] >= activity[v]) break
      heap[i] = heap[parent]
      heapAt[heap[i]] = i
      i = parent
    }
    heap[i] = v
    heapAt[v] = i
  }

  private sink(start: number): void {
    const { heap, heapAt, activity } = this
    let i = start
    const v = heap[i]
    for (;;) {
      let child = 2 * i + 1
      if (child >= this.heapSize) break
      if (child + 1 < this.heapSize && activity[heap[child + 1]] > activity[heap[child]]) child++
      if (activity[heap[child]] <= activity[v]) break
      heap[i] = heap[child]
      heapAt[heap[i]] = i
      i = child
    }
    heap[i] = v
    heapAt[v] = i
  }
}

/** 1 1 2 1 1 2 4 1 1 2 … (Luby, Sinclair, Zuckerman 1993). */
function luby(i: number): number {
  let k = 1
  while ((1 << k) - 1 < i) k++
  return (1 << k) - 1 === i ? 1 << (k - 1) : luby(i - (1 << (k - 1)) + 1)
}
