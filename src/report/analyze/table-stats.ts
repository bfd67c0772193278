import {
  utilizationPercent,
  type PerComponent,
  type TableCost,
} from '../../cost/scheduling-table/index.js'

/** Statistics of one table under the names that the published figures use; LB, GB and DRAM are the memory levels. */
export interface TableStats {
  /** Elements sent inward per transfer: input, weight, output. */
  readonly tile_send: Levels<readonly number[]>
  /** Elements held by one instance. */
  readonly tile_alloc: Levels<readonly number[]>
  /** Tile transfers: input read, weight read, output read, output write. */
  readonly access: Levels<readonly number[]>
  readonly active: Readonly<Record<'mac' | 'pe' | 'chip', readonly number[]>>
  readonly gb_exists: boolean
  /** Percent. */
  readonly util: Readonly<Record<string, number>>
  readonly dyn_pJ: Components & {
    readonly LB_upper: number
    readonly LB_lower: number
    readonly GB_upper: number
    readonly GB_lower: number
  }
  readonly static_pJ: Components
  readonly cycles: Components
  readonly energy_pJ: number
  readonly edp: number
  /** Sizes and counts as the published program prints them: 0 for an operand that bypasses at no energy (Q21). */
  readonly reported: {
    readonly tile_alloc: Levels<readonly number[]>
    readonly access: Levels<readonly number[]>
  }
}

interface Levels<T> {
  readonly LB: T
  readonly GB: T
  readonly DRAM: T
}

interface Components {
  readonly mac: number
  readonly LB: number
  readonly GB: number
  readonly DRAM: number
  readonly total: number
}

/** The statistics of a cost (specification §7). */
export function tableStats(cost: TableCost): TableStats {
  const dynamic = cost.dynamicEnergyPj
  return {
    tile_send: levels(cost.tileSend),
    tile_alloc: levels(cost.tileAlloc),
    access: levels(cost.access),
    active: cost.active,
    gb_exists: cost.problem.global.present,
    util: utilizationPercent(cost),
    dyn_pJ: {
      ...components(dynamic),
      LB_upper: dynamic.localUpper,
      LB_lower: dynamic.localLower,
      GB_upper: dynamic.globalUpper,
      GB_lower: dynamic.globalLower,
    },
    static_pJ: components(cost.staticEnergyPj),
    cycles: components(cost.latencyCycles),
    energy_pJ: cost.energyPj,
    edp: cost.edp,
    reported: reported(cost),
  }
}

function levels<T>(of: { readonly local: T; readonly global: T; readonly dram: T }): Levels<T> {
  return { LB: of.local, GB: of.global, DRAM: of.dram }
}

function components(of: PerComponent): Components {
  return { mac: of.mac, LB: of.local, GB: of.global, DRAM: of.dram, total: of.total }
}

function reported(cost: TableCost): TableStats['reported'] {
  const { problem, tileAlloc, access } = cost
  const hidden = (level: 'local' | 'global'): boolean[] =>
    problem[level].bypassed.map(
      (by, x) => problem[level].present && by && problem[level].accessEnergyPj[x] === 0,
    )
  const [local, global] = [hidden('local'), hidden('global')]
  const inputsToo = problem.conventions.hiddenLocalWeights === 'inputs-too'
  const localTiles = inputsToo && local[1] ? [true, true, local[2]] : local
  const clear = (values: readonly number[], off: readonly boolean[]): number[] =>
    values.map((value, x) => (off[Math.min(x, 2)] ? 0 : value))
  return {
    tile_alloc: {
      LB: clear(tileAlloc.local, localTiles),
      GB: clear(tileAlloc.global, global),
      DRAM: tileAlloc.dram,
    },
    access: {
      LB: clear(access.local, local),
      GB: clear(access.global, global),
      DRAM: access.dram,
    },
  }
}
