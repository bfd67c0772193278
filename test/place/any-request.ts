import * as fc from 'fast-check'
import type { CostSource, Operation, Soc } from '../../src/model/index.js'
import type { PlaceRequest } from '../../src/place/index.js'

/** A request whose times are the rows of a table, found by operation object. */
export function tableRequest(
  rows: readonly (readonly (number | null)[])[],
  edges: readonly (readonly [number, number, number])[],
  soc: Soc,
  more: { inputs?: number; clockUs?: number; periodUs?: number; weights?: readonly number[] } = {},
): PlaceRequest {
  const operations = rows.map((_, i) => ({
    name: `t${i}`,
    type: 'task',
    ...(more.weights === undefined ? {} : { weightBytes: more.weights[i] }),
  }))
  const row = new Map<Operation, readonly (number | null)[]>(
    operations.map((op, i) => [op, rows[i]]),
  )
  const kinds = soc.cores.map((kind) => kind.name)
  const costs: CostSource = {
    cost(operation, core) {
      const time = row.get(operation)?.[kinds.indexOf(core.name)]
      return time === undefined || time === null ? undefined : { latencyUs: time }
    },
  }
  return {
    applications: [
      {
        graph: {
          kind: 'op-graph',
          name: 'random',
          operations,
          edges: edges.map(([from, to, volume]) => ({ from, to, volume })),
        },
        inputs: more.inputs ?? 1,
        ...(more.periodUs === undefined ? {} : { periodUs: more.periodUs }),
      },
    ],
    soc,
    costs,
    clockUs: more.clockUs ?? 0,
  }
}

interface Shape {
  readonly mostTasks: number
  readonly mostKinds: number
  readonly mostCount: number
  readonly fractions: boolean
}

/** Random small requests: unrelated times with holes, a DAG with volumes, links with a factor per pair of kinds. */
export function anyRequest(shape: Shape): fc.Arbitrary<PlaceRequest> {
  const time = shape.fractions
    ? fc.integer({ min: 1, max: 60 }).map((n) => n / 4)
    : fc.integer({ min: 1, max: 12 })
  return fc
    .record({
      tasks: fc.integer({ min: 1, max: shape.mostTasks }),
      kinds: fc.integer({ min: 1, max: shape.mostKinds }),
      inputs: fc.constant(1),
    })
    .chain(({ tasks, kinds, inputs }) =>
      fc
        .record({
          times: fc.array(fc.array(time, { minLength: kinds, maxLength: kinds }), {
            minLength: tasks,
            maxLength: tasks,
          }),
          holes: fc.array(
            fc.array(fc.integer({ min: 0, max: 3 }), { minLength: kinds, maxLength: kinds }),
            {
              minLength: tasks,
              maxLength: tasks,
            },
          ),
          volumes: fc.array(fc.integer({ min: -6, max: 6 }), {
            minLength: (tasks * (tasks - 1)) / 2,
            maxLength: (tasks * (tasks - 1)) / 2,
          }),
          counts: fc.array(fc.integer({ min: 1, max: shape.mostCount }), {
            minLength: kinds,
            maxLength: kinds,
          }),
          factor: fc.integer({ min: 0, max: 2 }),
          latency: fc.integer({ min: 0, max: 2 }),
        })
        .map(({ times, holes, volumes, counts, factor, latency }) => {
          const rows = times.map((row, t) =>
            row.map((value, k) => (holes[t][k] === 0 && k !== t % kinds ? null : value)),
          )
          const edges: [number, number, number][] = []
          let next = 0
          for (let v = 1; v < tasks; v++) {
            for (let u = 0; u < v; u++) {
              const volume = volumes[next++]
              if (volume >= 0) edges.push([u, v, volume])
            }
          }
          const matrix = counts.map((_, a) =>
            counts.map((__, b) => factor * (a === b ? 1 : 0.5 + a + b)),
          )
          const soc: Soc = {
            kind: 'soc',
            name: 'random',
            cores: counts.map((count, k) => ({ name: `k${k}`, count })),
            interconnect: {
              kind: 'links',
              latencyUs: factor === 0 ? 0 : latency,
              usPerVolume: matrix,
              contention: false,
            },
          }
          return tableRequest(rows, edges, soc, { inputs })
        }),
    )
}
