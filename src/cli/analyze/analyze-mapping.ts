import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { InputError, type Diagnostic } from '../../base/index.js'
import {
  checkTable,
  tableCost,
  tableProblem,
  type TableConventions,
} from '../../cost/scheduling-table/index.js'
import type { BatchEntry } from '../../formats/index.js'
import {
  fixedDataflow,
  realRowNames,
  tableFromRows,
  tableLayer,
  tableLayerOf,
  type LayerTable,
  type TableAccelerator,
  type TableByRow,
  type TableDataflow,
  type TableLayer,
  type Workload,
} from '../../model/index.js'
import type { Analysis } from '../../report/analyze/index.js'
import { findLayer, readAcceleratorOption } from '../inputs/table-inputs.js'
import { readWorkload, type ImportSettings } from '../network-input.js'

/** Costs one mapping of a network's layer. */
export function analyzeMapping(
  accelerator: TableAccelerator,
  workload: Workload,
  mapping: LayerTable,
  conventions: TableConventions,
): Analysis {
  const layer = layerOf(workload, mapping.layer)
  return analyze(accelerator, workload.name, layer, mapping.dataflow, mapping.rows, conventions)
}

/**
 * Costs every mapping of a batch; each file is read once.
 * @throws InputError with the problems of all entries
 */
export function analyzeBatch(
  entries: readonly BatchEntry[],
  file: string,
  conventions: TableConventions,
  settings: ImportSettings,
): Analysis[] {
  const channels = conventions.name === 'published' ? 'as-written' : 'total'
  const accelerators = new Map<string, TableAccelerator>()
  const networks = new Map<string, Workload>()
  const problems: Diagnostic[] = []
  const found = entries.flatMap((entry): Analysis[] => {
    try {
      const accelerator = cached(accelerators, entry.accelerator, (name) =>
        readAcceleratorOption(besideBatch(name, file)),
      )
      if (entry.bounds) {
        const layer = tableLayerOf(entry.layer, entry.bounds.dims, entry.bounds.stride)
        const network = entry.network ?? null
        return [analyze(accelerator, network, layer, entry.dataflow, entry.table, conventions)]
      }
      if (entry.network === undefined) {
        throw new InputError({
          code: 'E-MAP-020',
          at: entry.at,
          message: 'the entry has neither a network nor params',
        })
      }
      const workload = cached(networks, entry.network, (name) =>
        readWorkload(besideBatch(name, file), settings, channels),
      )
      const layer = layerOf(workload, entry.layer)
      return [analyze(accelerator, workload.name, layer, entry.dataflow, entry.table, conventions)]
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      problems.push(...error.diagnostics.map((d) => (d.at ? d : { ...d, at: entry.at })))
      return []
    }
  })
  if (problems.length > 0) throw new InputError(problems)
  return found
}

function analyze(
  accelerator: TableAccelerator,
  network: string | null,
  layer: TableLayer,
  given: TableDataflow | undefined,
  rows: TableByRow,
  conventions: TableConventions,
): Analysis {
  const dataflow = given ? { ...fixedDataflow(accelerator), ...given } : fixedDataflow(accelerator)
  const problem = tableProblem(accelerator, layer, dataflow, conventions)
  const table = tableFromRows(rows)
  const violations = checkTable(problem, table)
  return { network, table, cost: tableCost(problem, table), violations }
}

function layerOf(workload: Workload, wanted: string): TableLayer {
  const layer = workload.layers[findLayer(workload, wanted)]
  const found = tableLayer(layer)
  if (found !== undefined) return found
  throw new InputError({
    code: 'E-MAP-021',
    message: `layer "${layer.name}" is of type ${layer.operator}: it has no multiply-accumulates to map`,
  })
}

/**
 * Rows that a published table file must hold and does not.
 * @throws InputError naming them
 */
export function requireRows(
  mapping: LayerTable,
  accelerator: TableAccelerator,
  file: string,
): void {
  const missing = realRowNames(accelerator).filter(
    (name) => name !== 'REGISTER' && mapping.rows[name] === undefined,
  )
  if (missing.length === 0) return
  throw new InputError({
    code: 'E-TAB-002',
    at: { file },
    message: `the table has no row ${missing.join(', ')}, which "${accelerator.name}" has`,
    hint: 'give every row that the accelerator has; all ones if it holds no loop',
  })
}

function cached<T>(known: Map<string, T>, name: string, read: (name: string) => T): T {
  const found = known.get(name) ?? read(name)
  known.set(name, found)
  return found
}

/** A path of a batch may be relative to the batch file. */
function besideBatch(name: string, batch: string): string {
  const beside = resolve(dirname(batch), name)
  return !existsSync(name) && existsSync(beside) ? beside : name
}
