import type { Schedule, SocCoreKind } from '../model/index.js'
import type { PlaceRequest } from './problem.js'

/** One rule that a schedule breaks. */
export interface Violation {
  /** `shape`, `core`, `eligibility`, `release`, `duration`, `precedence`, `capacity`, `clock`, `weights` or `transfer`. */
  readonly rule: string
  readonly message: string
}

/** Verdict on a schedule. */
export interface ScheduleCheck {
  readonly violations: readonly Violation[]
  readonly makespanUs: number
}

/** What the checker looks up for one instance. */
interface Instance {
  readonly name: string
  readonly kind: SocCoreKind | undefined
  readonly timeUs: number
  readonly releaseUs: number
}

/** Most violations that one check reports. */
const MOST = 50

/**
 * Checks a schedule against a request. Written against the request itself and nothing that the algorithms use, so an
 * error of theirs cannot hide here: shape, cores, eligibility, releases, durations, precedence with transfers, one task
 * at a time per core, clock, weights in core memory, one transfer at a time per medium. Times may be off by 1e-9
 * relative to the makespan.
 */
export function checkSchedule(request: PlaceRequest, schedule: Schedule): ScheduleCheck {
  const violations: Violation[] = []
  const report = (rule: string, message: string): void => {
    if (violations.length < MOST) violations.push({ rule, message })
  }
  const instances = listInstances(request, schedule)
  const { startUs, endUs, core, coreId } = schedule
  const lengths = [startUs.length, endUs.length, core.length, coreId.length]
  if (lengths.some((length) => length !== instances.length)) {
    report(
      'shape',
      `expected ${instances.length} entries in startUs, endUs, core and coreId, found ${lengths.join(', ')}`,
    )
    return { violations, makespanUs: Number.NaN }
  }
  const makespanUs = endUs.reduce((latest, end) => Math.max(latest, end), 0)
  const slack = 1e-9 * Math.max(makespanUs, 1)
  const clock = request.clockUs
  const held = (i: number): number => heldUntil(startUs[i], endUs[i], clock, slack)

  instances.forEach((each, i) => {
    if (each.kind === undefined) {
      report('core', `${each.name}: there is no core kind "${core[i]}"`)
      return
    }
    if (!Number.isInteger(coreId[i]) || coreId[i] < 0 || coreId[i] >= each.kind.count) {
      report('core', `${each.name}: ${core[i]} has no core ${coreId[i]}, it has ${each.kind.count}`)
    }
    if (!Number.isFinite(each.timeUs)) {
      report('eligibility', `${each.name} cannot run on ${core[i]}`)
      return
    }
    if (!Number.isFinite(startUs[i]) || startUs[i] < each.releaseUs - slack) {
      report(
        'release',
        `${each.name} starts at ${startUs[i]}, before its release ${each.releaseUs}`,
      )
    }
    if (endUs[i] - startUs[i] < each.timeUs - slack) {
      report(
        'duration',
        `${each.name} takes ${endUs[i] - startUs[i]} µs on ${core[i]}, it needs ${each.timeUs}`,
      )
    }
    if (clock > 0 && Math.abs(startUs[i] / clock - Math.round(startUs[i] / clock)) > 1e-9) {
      report('clock', `${each.name} starts at ${startUs[i]}, not on a tick of ${clock} µs`)
    }
  })

  checkPrecedence(request, schedule, instances, slack, report)
  checkCores(request, schedule, instances, held, slack, report)
  return { violations, makespanUs }
}

/** First moment at which the core is free again. */
function heldUntil(start: number, end: number, clock: number, slack: number): number {
  if (clock <= 0) return end
  const ticks = Math.max(Math.round(start / clock) + 1, Math.ceil((end - slack) / clock))
  return ticks * clock
}

function listInstances(request: PlaceRequest, schedule: Schedule): Instance[] {
  const instances: Instance[] = []
  const kinds = new Map(request.soc.cores.map((kind) => [kind.name, kind]))
  for (const app of request.applications) {
    for (let b = 0; b < app.inputs; b++) {
      for (const operation of app.graph.operations) {
        const kind = kinds.get(schedule.core[instances.length])
        const runs = kind?.supports === undefined || kind.supports.includes(operation.type)
        const cost = kind !== undefined && runs ? request.costs.cost(operation, kind) : undefined
        instances.push({
          name: app.inputs > 1 ? `"${operation.name}" of input ${b}` : `"${operation.name}"`,
          kind,
          timeUs: cost?.latencyUs ?? Infinity,
          releaseUs: (app.firstReleaseUs ?? 0) + b * (app.periodUs ?? 0),
        })
      }
    }
  }
  return instances
}

type Report = (rule: string, message: string) => void

function checkPrecedence(
  request: PlaceRequest,
  schedule: Schedule,
  instances: readonly Instance[],
  slack: number,
  report: Report,
): void {
  const { soc } = request
  const wires = soc.interconnect
  const kindIndex = new Map(soc.cores.map((kind, k) => [kind.name, k]))
  const booked = new Map(
    (schedule.transfers ?? []).map((each) => [`${each.from}>${each.to}`, each]),
  )
  const media = new Map<string, { startUs: number; endUs: number; name: string }[]>()
  let base = 0
  for (const app of request.applications) {
    for (let b = 0; b < app.inputs; b++) {
      for (const edge of app.graph.edges) {
        const u = base + edge.from
        const v = base + edge.to
        const between = `${instances[u].name} → ${instances[v].name}`
        const same =
          schedule.core[u] === schedule.core[v] && schedule.coreId[u] === schedule.coreId[v]
        let arrival = schedule.endUs[u]
        const a = kindIndex.get(schedule.core[u])
        const c = kindIndex.get(schedule.core[v])
        if (wires !== undefined && !same && edge.volume > 0 && a !== undefined && c !== undefined) {
          const length = wires.latencyUs + edge.volume * wires.usPerVolume[a][c]
          arrival += length
          if (wires.contention && length > 0) {
            const transfer = booked.get(`${u}>${v}`)
            if (transfer === undefined) {
              report('transfer', `${between}: no transfer is booked on the ${wires.kind}`)
              continue
            }
            if (transfer.startUs < schedule.endUs[u] - slack)
              report('transfer', `${between}: sent before it is there`)
            if (transfer.endUs - transfer.startUs < length - slack)
              report('transfer', `${between}: booked for less than ${length} µs`)
            arrival = transfer.endUs
            const medium =
              wires.kind === 'bus'
                ? 'bus'
                : `${schedule.core[u]}${schedule.coreId[u]}>${schedule.core[v]}${schedule.coreId[v]}`
            const list = media.get(medium) ?? []
            list.push({ startUs: transfer.startUs, endUs: transfer.endUs, name: between })
            media.set(medium, list)
          }
        }
        if (schedule.startUs[v] < arrival - slack) {
          report(
            'precedence',
            `${between}: starts at ${schedule.startUs[v]}, data arrive at ${arrival}`,
          )
        }
      }
      base += app.graph.operations.length
    }
  }
  for (const [medium, list] of media) {
    list.sort((a, b) => a.startUs - b.startUs)
    for (let i = 1; i < list.length; i++) {
      if (list[i].startUs < list[i - 1].endUs - slack)
        report('transfer', `${medium} carries ${list[i - 1].name} and ${list[i].name} at once`)
    }
  }
}

function checkCores(
  request: PlaceRequest,
  schedule: Schedule,
  instances: readonly Instance[],
  held: (i: number) => number,
  slack: number,
  report: Report,
): void {
  const lanes = new Map<string, number[]>()
  instances.forEach((_, i) => {
    const name = `${schedule.core[i]} ${schedule.coreId[i]}`
    const lane = lanes.get(name) ?? []
    lane.push(i)
    lanes.set(name, lane)
  })
  const weights = weightsOf(request)
  for (const [name, lane] of lanes) {
    lane.sort((a, b) => schedule.startUs[a] - schedule.startUs[b] || held(a) - held(b))
    for (let i = 1; i < lane.length; i++) {
      if (schedule.startUs[lane[i]] < held(lane[i - 1]) - slack) {
        report(
          'capacity',
          `${name} runs ${instances[lane[i - 1]].name} until ${held(lane[i - 1])} and ${instances[lane[i]].name} from ${schedule.startUs[lane[i]]}`,
        )
      }
    }
    const kind = instances[lane[0]].kind
    if (kind?.memoryBytes === undefined) continue
    // Least recently used first, like a cache of the core's size.
    let resident: { key: string; bytes: number }[] = []
    for (const i of lane) {
      const { key, bytes } = weights[i]
      const present = resident.some((each) => each.key === key)
      const fetchUs =
        present || kind.weightBytesPerUs === undefined ? 0 : bytes / kind.weightBytesPerUs
      if (schedule.endUs[i] - schedule.startUs[i] < instances[i].timeUs + fetchUs - slack) {
        report(
          'weights',
          `${instances[i].name} on ${name}: no time to fetch ${bytes} bytes of weights`,
        )
      }
      resident = resident.filter((each) => each.key !== key)
      let used = resident.reduce((sum, each) => sum + each.bytes, 0)
      while (resident.length > 0 && used + bytes > kind.memoryBytes) {
        used -= resident[0].bytes
        resident.shift()
      }
      resident.push({ key, bytes })
    }
  }
}

function weightsOf(request: PlaceRequest): { key: string; bytes: number }[] {
  return request.applications.flatMap((app, a) =>
    Array.from({ length: app.inputs }, () =>
      app.graph.operations.map((operation, i) => ({
        key: `${a}:${i}`,
        bytes: operation.weightBytes ?? 0,
      })),
    ).flat(),
  )
}
