import type { Diagnostic } from '../base/index.js'
import { evaluateMapping, type HierarchicalProblem } from '../cost/hierarchical/index.js'
import { loopDims, type LoopDim, type TemporalLoop, type UnevenMapping } from '../model/index.js'
import type { LayerSearch } from './fuse-setting.js'
import type { Objective } from './objective.js'

/** INTERIM. */
export function searchMapping(
  problem: HierarchicalProblem,
  search: LayerSearch,
  objective: Objective,
): { mapping?: UnevenMapping; evaluations: number; reason?: Diagnostic } {
  const limit = search.kind === 'loma' ? search.lpfLimit : 6
  const lpfs = factors(problem, limit)
  let best: UnevenMapping | undefined
  let bestE = Infinity
  let n = 0
  for (const order of coolLex(lpfs)) {
    const m = allocate(problem, order)
    if (!m) continue
    const cost = evaluateMapping(problem, m)
    if (cost.overflows.length) throw new Error('overflow')
    n++
    if (cost.energyPj < bestE) {
      bestE = cost.energyPj
      best = m
    }
  }
  void objective
  return best ? { mapping: best, evaluations: n } : { evaluations: n }
}

const order: LoopDim[] = ['B', 'K', 'G', 'C', 'OY', 'OX', 'FY', 'FX']
function factors(problem: HierarchicalProblem, limit: number): TemporalLoop[] {
  const lists = new Map<LoopDim, number[]>()
  void loopDims
  for (const dim of order) {
    let q = problem.temporal[dim]
    const list: number[] = []
    for (let p = 2; q > 1;) {
      if (q % p === 0) {
        list.push(p)
        q /= p
      } else if (++p * p > q) p = q
    }
    if (list.length)
      lists.set(
        dim,
        list.sort((a, b) => a - b),
      )
  }
  const count = () => [...lists.values()].reduce((s, l) => s + l.length, 0)
  while (count() > limit) {
    let pick: LoopDim | undefined
    for (const [d, l] of lists)
      if (pick === undefined || l.length > lists.get(pick)!.length) pick = d
    const l = lists.get(pick!)!
    if (l.length < 2) break
    const [a, b, ...rest] = l
    lists.set(
      pick!,
      [...rest, a * b].sort((x, y) => x - y),
    )
  }
  return [...lists].flatMap(([dim, l]) => l.map((size) => ({ dim, size })))
}

function cmp(a: TemporalLoop, b: TemporalLoop): number {
  return a.dim < b.dim ? -1 : a.dim > b.dim ? 1 : a.size - b.size
}

function* coolLex(items: TemporalLoop[]): Generator<TemporalLoop[]> {
  const a = [...items].sort((x, y) => cmp(y, x))
  const n = a.length
  yield [...a]
  if (n < 2) return
  let p = n - 2
  for (;;) {
    const j = p + 1
    if (j === n - 1 && !(cmp(a[j], a[0]) < 0)) return
    const k = j < n - 1 && cmp(a[p], a[j + 1]) >= 0 ? j + 1 : j
    const h = a[0]
    const [t] = a.splice(k, 1)
    a.unshift(t)
    p = cmp(t, h) < 0 ? 0 : p + 1
    yield [...a]
  }
}

function allocate(problem: HierarchicalProblem, loops: TemporalLoop[]): UnevenMapping | undefined {
  const ops = problem.operands
  const n = loops.length
  const pos = ops.map(() => 0)
  const level = ops.map(() => 0)
  const cuts: number[][] = ops.map(() => [])
  const acc = problem.accelerator
  const bitsAt = (p: number, m: number, end: number): number => {
    const { operand, mean } = ops[p]
    const ext: Partial<Record<LoopDim, number>> = {}
    for (let i = 0; i < end; i++) ext[loops[i].dim] = (ext[loops[i].dim] ?? 1) * loops[i].size
    for (let a = 0; a <= m; a++)
      for (const l of mean.loops[a]) ext[l.dim] = (ext[l.dim] ?? 1) * l.size
    const c = (d: LoopDim) => Math.ceil(ext[d] ?? 1)
    let e = operand.relevant.reduce((s, d) => s * c(d), 1)
    for (const s of operand.sliding) {
      const A = c(s.output)
      const B = c(s.kernel)
      const g = gcd(s.stride, s.dilation)
      e *= Math.trunc(A * B - Math.max(0, B - s.stride / g) * (A - s.dilation / g))
    }
    return e
  }
  for (let index = 0; index < acc.memories.length; index++) {
    const here = ops
      .map((o, p) => ({ p, m: o.memoryIndices.indexOf(index), o }))
      .filter((x) => x.m >= 0)
    const mem = acc.memories[index]
    here.sort(
      (x, y) => mem.operands.indexOf(x.o.operand.memory) - mem.operands.indexOf(y.o.operand.memory),
    )
    const cand = here.map(({ p, m, o }) => {
      const partial =
        o.operand.name === 'output' &&
        loops.slice(pos[p]).some((l) => o.operand.irrelevant.includes(l.dim))
      const bits = partial ? o.operand.partialBits : o.operand.bits
      const list: { end: number; bits: number }[] = []
      for (let end = pos[p]; end <= n; end++) {
        const b = bitsAt(p, m, end) * bits
        if (b > mem.sizeBits) break
        list.push({ end, bits: b })
      }
      return m === o.memories.length - 1 ? list.slice(-1) : list
    })
    if (cand.some((c) => c.length === 0)) return undefined
    let bestCost = Infinity
    let bestPick: number[] | undefined
    const pick: number[] = []
    const rec = (i: number, used: number, cost: number): void => {
      if (i === here.length) {
        if (used <= mem.sizeBits && cost <= bestCost) {
          bestCost = cost
          bestPick = [...pick]
        }
        return
      }
      const { m, o } = here[i]
      for (const c of cand[i]) {
        const rest = loops.slice(c.end).reduce((s, l) => s * l.size, 1)
        pick[i] = c.end
        rec(i + 1, used + c.bits, cost + (m === o.memories.length - 1 ? 0 : rest * c.bits))
      }
    }
    rec(0, 0, 0)
    if (!bestPick) return undefined
    here.forEach(({ p, m, o }, i) => {
      pos[p] = bestPick![i]
      cuts[p].push(pos[p])
      level[p]++
      void m
      void o
    })
    if (here.some(({ p, m, o }) => m === o.memories.length - 1 && pos[p] < n)) return undefined
  }
  return {
    kind: 'uneven-mapping',
    spatial: problem.unrolling,
    loops,
    cuts: Object.fromEntries(ops.map((o, p) => [o.operand.name, cuts[p]])),
  }
}
function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
