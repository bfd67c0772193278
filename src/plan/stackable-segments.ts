import { branchFreeUnits, NETWORK_INPUT, whyUnchained } from '../fuse/index.js'
import type { Layer, NetworkNode, Workload } from '../model/index.js'
import type { NetworkOperations } from './network-operations.js'

/** Consecutive operations of a network, all of them layers that can run depth-first together. */
export interface StackableSegment {
  /** Operations `first` … `last` of the network. */
  readonly first: number
  readonly last: number
  /** Layer i is operation `first + i`; named by position, so that segments of one shape are one problem. */
  readonly workload: Workload
}

/**
 * Where a network may run depth-first: runs of branch-free units whose every operation is a convolution, matrix product
 * with constant weights, pooling or residual sum that hands its whole output to the next. Attention, normalisation,
 * data movement and reshapes that change rows or channels end a segment.
 * @param runsAlone whether an operation has a mapping of its own on the core
 */
export function stackableSegments(
  { nodes, producers }: NetworkOperations,
  runsAlone: (operation: number) => boolean,
): StackableSegment[] {
  const consumers: number[][] = nodes.map(() => [])
  producers.forEach((each, to) => each.forEach((from) => consumers[from]?.push(to)))
  const units = branchFreeUnits({
    nodes: producers.map((each, i) => ({ producers: each, consumers: consumers[i] })),
  })
  const segments: StackableSegment[] = []
  let run: number[] = []
  const close = (): void => {
    if (run.length > 1) segments.push(segment(nodes, producers, run))
    run = []
  }
  for (const unit of units) {
    const [start] = unit
    const within = (i: number): readonly number[] => producers[i].filter((from) => from >= start)
    const before = (i: number): readonly number[] => producers[i].filter((from) => from < start)
    const whole = unit.every(
      (i) =>
        runsAlone(i) &&
        readsWhole(i, nodes, producers) &&
        (i === unit[unit.length - 1] || consumers[i].length > 0) &&
        within(i).every((from) => chains(nodes, from, i)),
    )
    if (!whole) {
      close()
      continue
    }
    const continues = unit.every((i) =>
      before(i).every((from) => run.includes(from) && chains(nodes, from, i)),
    )
    if (!continues) close()
    // A segment begins with a layer that reads one map: the sum of a block's input and output needs that input inside.
    const readsItsInputTwice = unit.some((i) => producers[i].length > 1 && before(i).length > 0)
    if (run.length > 0 || !readsItsInputTwice) run.push(...unit)
  }
  close()
  return segments
}

/** Whether fuse has a rule for the operation, and it reads as many feature maps as that rule expects. */
function readsWhole(
  i: number,
  nodes: readonly NetworkNode[],
  producers: readonly (readonly number[])[],
): boolean {
  const { work } = nodes[i]
  if (work.kind !== 'layer' || work.layer.operator === 'batched-matmul') return false
  return producers[i].length === (work.layer.operator === 'add' ? 2 : 1)
}

/** Whether a layer reads the map of another one as it was made. */
function chains(nodes: readonly NetworkNode[], from: number, to: number): boolean {
  const [made, read] = [layerOf(nodes[from]), layerOf(nodes[to])]
  return whyUnchained(read, 0, [{ made }])[0] === undefined
}

function layerOf({ work }: NetworkNode): Layer {
  if (work.kind !== 'layer') throw new Error('a stack holds layers only')
  return work.layer
}

function segment(
  nodes: readonly NetworkNode[],
  producers: readonly (readonly number[])[],
  run: readonly number[],
): StackableSegment {
  const [first] = run
  const layers = run.map((i): Layer => ({
    ...layerOf(nodes[i]),
    name: String(i - first),
    inputs: producers[i]
      .filter((from) => from !== NETWORK_INPUT && from >= first)
      .map((from) => String(from - first)),
  }))
  return {
    first,
    last: run[run.length - 1],
    workload: { kind: 'workload', name: '', layers },
  }
}
