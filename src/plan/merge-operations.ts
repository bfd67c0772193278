import type { GraphOperation, OpEdge, OpGraph } from '../model/index.js'

/** Operations `first` … `last` of a graph. */
export interface OperationRange {
  readonly first: number
  readonly last: number
}

/**
 * A graph in which each of some ranges of operations is one operation, with the weights of all of them. What it reads
 * from outside it reads once; only its last operation is read from outside.
 * @param stacks disjoint ranges in ascending order
 */
export function mergeOperations(
  graph: OpGraph,
  stacks: readonly OperationRange[],
): { readonly graph: OpGraph; readonly ranges: readonly OperationRange[] } {
  const starts = new Map(stacks.map((stack) => [stack.first, stack]))
  const ranges: OperationRange[] = []
  const newIndex: number[] = []
  for (let i = 0; i < graph.operations.length;) {
    const range = starts.get(i) ?? { first: i, last: i }
    for (; i <= range.last; i++) newIndex.push(ranges.length)
    ranges.push({ first: range.first, last: range.last })
  }
  const edges = new Map<string, OpEdge>()
  for (const edge of graph.edges) {
    const [from, to] = [newIndex[edge.from], newIndex[edge.to]]
    const key = `${from} ${to}`
    if (from !== to && !edges.has(key)) edges.set(key, { from, to, volume: edge.volume })
  }
  const operations = ranges.map(({ first, last }): GraphOperation => {
    if (first === last) return graph.operations[first]
    const parts = graph.operations.slice(first, last + 1)
    const weightBytes = parts.reduce((sum, part) => sum + (part.weightBytes ?? 0), 0)
    return {
      name: `${parts[0].name} … ${parts[parts.length - 1].name}`,
      type: 'Stack',
      ...(weightBytes > 0 ? { weightBytes } : {}),
    }
  })
  return {
    graph: stacks.length === 0 ? graph : { ...graph, operations, edges: [...edges.values()] },
    ranges,
  }
}
