import type { OpGraph } from '../model/index.js'

/** Topological order of an acyclic graph given by successor lists; of several candidates the lowest index goes first. */
export function topologicalOrder(
  tasks: number,
  predStart: Int32Array,
  succStart: Int32Array,
  succ: Int32Array,
): Int32Array {
  const pending = Int32Array.from({ length: tasks }, (_, t) => predStart[t + 1] - predStart[t])
  const order = new Int32Array(tasks)
  const heap: number[] = []
  for (let t = 0; t < tasks; t++) if (pending[t] === 0) push(heap, t)
  for (let i = 0; heap.length > 0; i++) {
    const t = pop(heap)
    order[i] = t
    for (let e = succStart[t]; e < succStart[t + 1]; e++)
      if (--pending[succ[e]] === 0) push(heap, succ[e])
  }
  return order
}

/** Operations of one cycle in order, or undefined when the graph has none. */
export function findCycle(graph: OpGraph): number[] | undefined {
  const n = graph.operations.length
  const successors: number[][] = Array.from({ length: n }, () => [])
  for (const { from, to } of graph.edges) successors[from].push(to)
  const state = new Uint8Array(n) // 0 unseen, 1 on the path, 2 done
  const path: number[] = []
  const nextChild = new Int32Array(n)
  for (let root = 0; root < n; root++) {
    if (state[root] !== 0) continue
    path.push(root)
    state[root] = 1
    while (path.length > 0) {
      const u = path[path.length - 1]
      if (nextChild[u] === successors[u].length) {
        state[u] = 2
        path.pop()
        continue
      }
      const v = successors[u][nextChild[u]++]
      if (state[v] === 1) return path.slice(path.indexOf(v))
      if (state[v] === 0) {
        state[v] = 1
        path.push(v)
      }
    }
  }
  return undefined
}

function push(heap: number[], value: number): void {
  let i = heap.push(value) - 1
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (heap[parent] <= value) break
    heap[i] = heap[parent]
    i = parent
  }
  heap[i] = value
}

function pop(heap: number[]): number {
  const top = heap[0]
  const last = heap.pop() ?? top
  const size = heap.length
  if (size === 0) return top
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= size) break
    if (child + 1 < size && heap[child + 1] < heap[child]) child++
    if (heap[child] >= last) break
    heap[i] = heap[child]
    i = child
  }
  heap[i] = last
  return top
}
