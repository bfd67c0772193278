import { textTable, type Column } from '../table.js'
import { areaColumns } from './area-table.js'
import type { RtlResult, SynthesisReport } from './rtl-result.js'

/** The answer for a terminal. */
export function rtlText(result: RtlResult): string {
  const { sheet } = result
  const { hidden, visible } = sheet.decisionClocks
  const slope = visible.slope === 1 ? 'n' : `${visible.slope}n`
  const lines = [
    `${sheet.title}: ${result.files.length} files, top module ${result.top}`,
    hidden === undefined
      ? `a decision takes ${slope} + ${visible.offset} clocks, n = requests in the queue`
      : `a decision takes ${hidden} clocks when scoring was hidden behind the layer, at most ${slope} + ${visible.offset} when not`,
    `records of ${sheet.recordBits} bits; test bench of ${result.testDecisions} decisions`,
  ]
  for (const report of result.synthesis) lines.push('', synthesisText(report))
  if (result.routing) {
    const used = Object.entries(result.routing.utilisation)
      .filter(([, u]) => u.used > 0)
      .map(([name, u]) => `${name} ${u.used}/${u.available}`)
    lines.push(
      '',
      `${result.routing.device}: ${result.routing.maxFrequencyMhz} MHz routed (${used.join(', ')})`,
    )
  }
  if (result.comparison)
    lines.push(
      '',
      'Compared on 7-series with the published designs:',
      textTable(areaColumns, result.comparison),
    )
  return lines.join('\n')
}

function synthesisText(report: SynthesisReport): string {
  const total = { ...report, module: `${report.target}, flattened`, instances: 1 }
  return textTable(moduleColumns, [...report.modules, total])
}

export const moduleColumns: readonly Column<SynthesisReport['modules'][number]>[] = [
  { title: 'module', align: 'left', cell: (r) => r.module },
  { title: 'instances', cell: (r) => r.instances },
  { title: 'LUT', cell: (r) => r.luts },
  { title: 'LUT as RAM', cell: (r) => r.lutsAsRam },
  { title: 'FF', cell: (r) => r.ffs },
  { title: 'DSP', cell: (r) => r.dsps },
  { title: 'block RAM', cell: (r) => r.blockRams },
]
