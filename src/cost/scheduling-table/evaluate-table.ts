import { columnCount, row, type ScheduleTable } from '../../model/index.js'
import { accessCounts, type AccessCounts } from './access-counts.js'
import { routeTraffic } from './route-traffic.js'
import type { LevelModel, TableProblem, Triple } from './table-problem.js'
import { operandCycles } from './transfer-cycles.js'
import type { PerComponent, TableCost } from './table-cost.js'
import { extents, prefixProducts, tileSizes } from './tiles.js'

const PE_ROWS = [row.peX, row.peY]
const CHIP_ROWS = [row.chipX, row.chipY]

/**
 * Cost of a table in 64-bit floats under the problem's conventions (specification §6). A table that breaks a constraint
 * is evaluated all the same; `checkTable` says whether it can run. Under the published rules this is what the program
 * would compute without rounding and wrapping: the cost that a search may rely on.
 */
export function evaluateTable(problem: TableProblem, table: ScheduleTable): TableCost {
  const pre = prefixProducts(table)
  const tile = (r: number, further?: readonly number[]): Triple =>
    tileSizes(problem.layer, extents(table, pre, r, further))
  const tileAlloc = { local: tile(3), global: tile(6), dram: tile(9) }
  const inward = { local: tile(2), global: tile(5), dram: tile(8) }
  const counts = accessCounts(problem, table, {
    sendGlobal: inward.global,
    allocGlobal: tileAlloc.global,
    sendDram: inward.dram,
    allocDram: tileAlloc.dram,
  })
  const traffic = routeTraffic(problem, inward, tileAlloc, counts, {
    fromGlobalToMacs: tile(2, PE_ROWS),
    fromDramToLocal: tile(5, CHIP_ROWS),
    fromDramToMacs: tile(2, [...PE_ROWS, ...CHIP_ROWS]),
  })

  const active = activeUnits(problem, table)
  const [macs, pes, chips] = [active.mac, active.pe, active.chip].map(([x, y]) => x * y)
  const { local, global, dram } = problem
  const localUpper = levelEnergy(local, traffic.send.local, traffic.access.local) * pes * chips
  const localLower = levelEnergy(local, traffic.hold.local, counts.global) * pes * chips
  const globalUpper = levelEnergy(global, traffic.send.global, traffic.access.global) * chips
  const globalLower = levelEnergy(global, traffic.hold.global, counts.dram) * chips
  const dramEnergy = levelEnergy(dram, traffic.send.dram, traffic.access.dram)
  const macEnergy = problem.macs * problem.accelerator.macEnergyPj
  const dynamicTotal =
    macEnergy + (localUpper + localLower) + (globalUpper + globalLower) + dramEnergy

  const rounding = problem.conventions.lineRounding
  const latency = withTotal(
    {
      mac: problem.macs / (macs * pes * chips),
      local: levelCycles(local, traffic.send.local, traffic.access.local, rounding),
      global: levelCycles(global, traffic.send.global, traffic.access.global, rounding),
      dram: levelCycles(dram, traffic.send.dram, traffic.access.dram, rounding),
    },
    problem.conventions.overlap === 'full',
  )
  const rate = problem.staticPjPerCycle
  const leakage = withTotal({
    mac: rate.mac * latency.total,
    local: rate.local * latency.total,
    global: rate.global * latency.total,
    dram: rate.dram * latency.total,
  })
  const energyPj = dynamicTotal + leakage.total
  return {
    problem,
    tileSend: traffic.send,
    tileAlloc: traffic.hold,
    access: traffic.access,
    active,
    dynamicEnergyPj: {
      mac: macEnergy,
      local: localUpper + localLower,
      localUpper,
      localLower,
      global: globalUpper + globalLower,
      globalUpper,
      globalLower,
      dram: dramEnergy,
      total: dynamicTotal,
    },
    staticEnergyPj: leakage,
    latencyCycles: latency,
    energyPj,
    edp: energyPj * latency.total,
  }
}

/** Active units per array; an array that does not exist counts as one unit. */
function activeUnits(problem: TableProblem, table: ScheduleTable): TableCost['active'] {
  const side = (r: number): number => {
    let product = 1
    for (let c = 0; c < columnCount; c++) product *= table[r * columnCount + c]
    return product
  }
  const single = problem.macArray.x * problem.macArray.y === 1
  return {
    mac: single ? [1, 1] : [side(row.macX), side(row.macY)],
    pe: [side(row.peX), side(row.peY)],
    chip: [side(row.chipX), side(row.chipY)],
  }
}

/** Energy of moving the tiles of the three operands through one instance (`dot` of specification §6). */
function levelEnergy(level: LevelModel, tile: Triple, count: AccessCounts): number {
  const e = level.accessEnergyPj
  return (
    tile[0] * count[0] * e[0] + tile[1] * count[1] * e[1] + tile[2] * (count[2] + count[3]) * e[2]
  )
}

function levelCycles(
  level: LevelModel,
  tile: Triple,
  count: AccessCounts,
  rounding: 'per-transfer' | 'total',
): number {
  if (!level.present) return 0
  const cycles = operandCycles(level, tile, count, rounding)
  return level.shared ? cycles[0] + cycles[1] + cycles[2] : Math.max(...cycles)
}

function withTotal(parts: Omit<PerComponent, 'total'>, slowest = false): PerComponent {
  const { mac, local, global, dram } = parts
  return {
    ...parts,
    total: slowest ? Math.max(mac, local, global, dram) : mac + local + global + dram,
  }
}
