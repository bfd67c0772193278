import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import { columnCount, tableRows, type LayerTable, type TableRow } from '../../model/index.js'
import { parseCfg, type CfgSection } from './parse-cfg.js'
import { indexSections, plainNumber, SettingReader } from './setting-reader.js'

/**
 * Reads a scheduling-table file of the published tool (specification §4): the layer's label and one line of eight
 * factors per row. Fewer than eight leave the rest at 1, as there; more are an error (there they spill into the next row).
 * @throws InputError with every problem of the file
 */
export function readTableCfg(text: string, file: string): LayerTable {
  const problems: Diagnostic[] = []
  const sections = indexSections(parseCfg(text, file), ['LAYER', 'SCHEDULING_TABLE'], problems)
  for (const name of ['LAYER', 'SCHEDULING_TABLE']) {
    if (!sections.has(name))
      problems.push({ code: 'E-CFG-008', at: { file }, message: `section [${name}] is missing` })
  }
  const layerSection = sections.get('LAYER')
  const head = layerSection && new SettingReader(layerSection, ['NAME', 'LAYER_NAME'], problems)
  const layer = (head?.get('NAME') ?? head?.get('LAYER_NAME'))?.value.toLowerCase() ?? ''
  if (head && layer === '') {
    head.report(head.section.at, 'E-CFG-009', 'layer_name is missing in [LAYER]')
  }
  const table = sections.get('SCHEDULING_TABLE')
  const rows = table ? readRows(table, problems) : {}
  if (problems.length > 0) throw new InputError(problems)
  return Object.freeze({ kind: 'scheduling-table', layer, rows: Object.freeze(rows) })
}

function readRows(
  section: CfgSection,
  problems: Diagnostic[],
): Partial<Record<TableRow, readonly number[]>> {
  const rows: Partial<Record<TableRow, readonly number[]>> = {}
  for (const setting of section.settings) {
    const name = tableRows.find((row) => row === setting.key.toUpperCase())
    if (name === undefined) {
      problems.push({
        code: 'E-CFG-030',
        at: setting.at,
        message: `unknown row "${setting.key}"`,
        hint: suggestName(setting.key, tableRows),
      })
      continue
    }
    if (rows[name] !== undefined) {
      problems.push({
        code: 'E-CFG-012',
        at: setting.at,
        message: `row ${name} is given twice`,
        hint: 'keep one',
      })
      continue
    }
    const words = setting.value.split(',')
    const factors = words.map((word) => plainNumber(word) ?? NaN)
    if (words.length > columnCount) {
      problems.push({
        code: 'E-CFG-031',
        at: setting.valueAt,
        message: `row ${name} has ${words.length} factors: expected at most eight`,
        hint: 'the order is K,B,P,Q,C,R,S,G',
      })
      continue
    }
    const wrong = factors.findIndex((factor) => !Number.isSafeInteger(factor) || factor < 1)
    if (wrong >= 0) {
      problems.push({
        code: 'E-CFG-032',
        at: setting.valueAt,
        message: `row ${name} holds the factor "${words[wrong]}": expected whole numbers ≥ 1`,
      })
      continue
    }
    rows[name] = Object.freeze([
      ...factors,
      ...new Array<number>(columnCount - factors.length).fill(1),
    ])
  }
  return rows
}
