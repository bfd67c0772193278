import { InfeasibleError, InputError, type Diagnostic } from '../base/index.js'
import type { OpGraph, Soc } from '../model/index.js'
import { alignUp, type PlaceProblem, type PlaceRequest } from './problem.js'
import { findCycle, topologicalOrder } from './topological-order.js'

/**
 * Flattens a request.
 * @throws InputError for a cyclic graph, naming its operations
 * @throws InfeasibleError when there is no core, or an operation that no core can run
 */
export function compileProblem(request: PlaceRequest): PlaceProblem {
  const { soc, clockUs } = request
  const kinds = soc.cores.length
  const cores = soc.cores.reduce((sum, kind) => sum + kind.count, 0)
  checkCores(soc, cores)
  const firstCore = new Int32Array(kinds + 1)
  const kindOfCore = new Int32Array(cores)
  soc.cores.forEach((kind, k) => {
    firstCore[k + 1] = firstCore[k] + kind.count
    kindOfCore.fill(k, firstCore[k], firstCore[k + 1])
  })

  const tasks = request.applications.reduce(
    (sum, app) => sum + app.graph.operations.length * app.inputs,
    0,
  )
  const edges = request.applications.reduce(
    (sum, app) => sum + app.graph.edges.length * app.inputs,
    0,
  )
  const timeUs = new Float64Array(tasks * kinds).fill(Infinity)
  const heldUs = new Float64Array(tasks * kinds).fill(Infinity)
  const releaseUs = new Float64Array(tasks)
  const deadlineUs = new Float64Array(tasks).fill(Infinity)
  const weightBytes = new Float64Array(tasks)
  const weightKey = new Int32Array(tasks)
  const application = new Int32Array(tasks)
  const operation = new Int32Array(tasks)
  const input = new Int32Array(tasks)
  const from = new Int32Array(edges)
  const to = new Int32Array(edges)
  const volume = new Float64Array(edges)
  const problems: Diagnostic[] = []
  let base = 0
  let edge = 0
  let keys = 0
  request.applications.forEach((app, a) => {
    const { graph, inputs } = app
    const n = graph.operations.length
    checkAcyclic(graph)
    const slots = operationTimes(graph, request, problems)
    for (let b = 0; b < inputs; b++) {
      const release = alignUp((app.firstReleaseUs ?? 0) + b * (app.periodUs ?? 0), clockUs)
      for (let i = 0; i < n; i++) {
        const t = base + i
        application[t] = a
        operation[t] = i
        input[t] = b
        releaseUs[t] = release
        if (app.deadlineUs !== undefined) {
          deadlineUs[t] = (app.firstReleaseUs ?? 0) + b * (app.periodUs ?? 0) + app.deadlineUs
        }
        weightBytes[t] = graph.operations[i].weightBytes ?? 0
        weightKey[t] = keys + i
        for (let k = 0; k < kinds; k++) {
          const time = slots[i * kinds + k]
          timeUs[t * kinds + k] = time
          heldUs[t * kinds + k] =
            time === Infinity || clockUs <= 0 ? time : Math.max(clockUs, alignUp(time, clockUs))
        }
      }
      for (const each of graph.edges) {
        from[edge] = base + each.from
        to[edge] = base + each.to
        volume[edge++] = each.volume
      }
      base += n
    }
    keys += n
  })
  if (problems.length > 0) throw new InfeasibleError(problems)

  const incoming = adjacency(tasks, to, from, volume)
  const outgoing = adjacency(tasks, from, to, volume)
  const wires = soc.interconnect
  return {
    request,
    tasks,
    kinds,
    kindNames: soc.cores.map((kind) => kind.name),
    cores,
    kindOfCore,
    firstCore,
    timeUs,
    heldUs,
    releaseUs,
    deadlineUs,
    predStart: incoming.start,
    pred: incoming.other,
    predVolume: incoming.volume,
    succStart: outgoing.start,
    succ: outgoing.other,
    succVolume: outgoing.volume,
    order: topologicalOrder(tasks, incoming.start, outgoing.start, outgoing.other),
    clockUs,
    hasTransfers:
      wires !== undefined &&
      (wires.latencyUs > 0 || wires.usPerVolume.some((r) => r.some((f) => f > 0))),
    latencyUs: wires?.latencyUs ?? 0,
    usPerVolume: Float64Array.from(
      { length: kinds * kinds },
      (_, i) => wires?.usPerVolume[Math.floor(i / kinds)][i % kinds] ?? 0,
    ),
    contention: wires?.contention ? wires.kind : 'none',
    hasResidency: soc.cores.some((kind) => kind.memoryBytes !== undefined),
    weightBytes,
    weightKey,
    application,
    operation,
    input,
  }
}

function checkCores(soc: Soc, cores: number): void {
  if (cores > 0) return
  throw new InfeasibleError({
    code: 'E-PLACE-001',
    message: `"${soc.name}" has no core at all: every core kind has count 0`,
    hint: 'raise --npus or --cpus, or a count in the SoC file',
  })
}

function checkAcyclic(graph: OpGraph): void {
  const cycle = findCycle(graph)
  if (cycle === undefined) return
  const names = [...cycle, cycle[0]].map((i) => `"${graph.operations[i].name}"`)
  throw new InputError({
    code: 'E-PLACE-002',
    at: { file: graph.name },
    message: `the operations depend on each other in a circle: ${names.join(' → ')}`,
    hint: 'remove one of these edges',
  })
}

/** Time per operation and kind, Infinity where the type is not supported, the cost is unknown or there is no core. */
function operationTimes(
  graph: OpGraph,
  request: PlaceRequest,
  problems: Diagnostic[],
): Float64Array {
  const { soc, costs } = request
  const kinds = soc.cores.length
  const times = new Float64Array(graph.operations.length * kinds).fill(Infinity)
  graph.operations.forEach((operation, i) => {
    let fits = true
    soc.cores.forEach((kind, k) => {
      if (kind.count === 0) return
      if (kind.supports !== undefined && !kind.supports.includes(operation.type)) return
      const cost = costs.cost(operation, kind)
      if (cost === undefined) return
      if (kind.memoryBytes !== undefined && (operation.weightBytes ?? 0) > kind.memoryBytes) {
        fits = false
        return
      }
      times[i * kinds + k] = cost.latencyUs
    })
    const row = times.subarray(i * kinds, (i + 1) * kinds)
    if (row.some((time) => time !== Infinity)) return
    const present = soc.cores.filter((kind) => kind.count > 0).map((kind) => kind.name)
    problems.push({
      code: 'E-PLACE-003',
      message: fits
        ? `no core of "${soc.name}" can run operation "${operation.name}" of type ${operation.type}; it has only ${present.join(', ')}`
        : `the weights of operation "${operation.name}" (${operation.weightBytes} bytes) fit into no core of "${soc.name}"`,
      hint: fits
        ? `add a core kind that supports ${operation.type} (a CPU), or a time for it in the network file`
        : 'raise memoryBytes of a core kind',
    })
  })
  return times
}

/** Neighbours per task in the order of the edge list, as one array with offsets. */
function adjacency(
  tasks: number,
  key: Int32Array,
  other: Int32Array,
  volume: Float64Array,
): { start: Int32Array; other: Int32Array; volume: Float64Array } {
  const start = new Int32Array(tasks + 1)
  for (const k of key) start[k + 1]++
  for (let t = 0; t < tasks; t++) start[t + 1] += start[t]
  const cursor = start.slice(0, tasks)
  const sortedOther = new Int32Array(other.length)
  const sortedVolume = new Float64Array(other.length)
  for (let e = 0; e < key.length; e++) {
    const slot = cursor[key[e]]++
    sortedOther[slot] = other[e]
    sortedVolume[slot] = volume[e]
  }
  return { start, other: sortedOther, volume: sortedVolume }
}
