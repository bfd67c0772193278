import type { CoreKind, Operation, Soc } from '../../model/index.js'
import type { Application, PlaceRequest } from '../../place/index.js'

/** A request without functions, so that it can be sent to a worker thread: times as [application][operation][kind]. */
export interface PlainRequest {
  readonly applications: readonly Application[]
  readonly soc: Soc
  /** null = cannot run there. */
  readonly timesUs: readonly (readonly (readonly (number | null)[])[])[]
  readonly clockUs: number
}

/** Tabulates the costs of a request. */
export function plainRequest(request: PlaceRequest): PlainRequest {
  const { applications, soc, costs, clockUs } = request
  return {
    applications,
    soc,
    timesUs: applications.map(({ graph }) =>
      graph.operations.map((operation) =>
        soc.cores.map((kind) => costs.cost(operation, kind)?.latencyUs ?? null),
      ),
    ),
    clockUs,
  }
}

/** The request again. Operations are told apart as objects: several networks may use one name. */
export function requestOf(plain: PlainRequest): PlaceRequest {
  const rows = new Map<Operation, readonly (number | null)[]>()
  plain.applications.forEach(({ graph }, a) => {
    graph.operations.forEach((operation, i) => rows.set(operation, plain.timesUs[a][i]))
  })
  const column = new Map(plain.soc.cores.map((kind, k) => [kind.name, k]))
  return {
    applications: plain.applications,
    soc: plain.soc,
    clockUs: plain.clockUs,
    costs: {
      cost(operation: Operation, core: CoreKind) {
        const time = rows.get(operation)?.[column.get(core.name) ?? -1]
        return time === undefined || time === null ? undefined : { latencyUs: time }
      },
    },
  }
}
