import { csvTable } from '../table.js'
import { renderPage, tableSection, type Section } from '../page.js'
import { areaColumns } from './area-table.js'
import { moduleColumns } from './rtl-text.js'
import type { RtlResult } from './rtl-result.js'
import { timingDiagrams } from './timing-diagrams.js'

/** Data sheet, timing diagrams and tables, by file name. */
export function rtlFiles(result: RtlResult, commandLine: string): Map<string, string> {
  const diagrams = timingDiagrams(result.options)
  const files = new Map(diagrams)
  if (result.comparison) files.set('area.csv', csvTable(areaColumns, result.comparison))
  files.set('report.html', dataSheetPage(result, diagrams, commandLine))
  return files
}

function dataSheetPage(
  result: RtlResult,
  diagrams: ReadonlyMap<string, string>,
  commandLine: string,
): string {
  const { sheet, options } = result
  const { hidden, visible } = sheet.decisionClocks
  const slope = visible.slope === 1 ? 'n' : `${visible.slope}n`
  const xilinx = result.synthesis.find((report) => report.target === 'xilinx')
  const sections: Section[] = [
    {
      kind: 'facts',
      facts: [
        { label: 'slots', value: String(options.slots) },
        { label: 'table rows', value: String(options.rows) },
        ...(hidden === undefined ? [] : [{ label: 'hidden decision', value: `${hidden} clocks` }]),
        { label: 'visible decision', value: `${slope} + ${visible.offset} clocks` },
        { label: 'record', value: `${sheet.recordBits} bits` },
        ...(xilinx ? [{ label: '7-series', value: `${xilinx.luts} LUT, ${xilinx.dsps} DSP` }] : []),
        ...(result.routing
          ? [{ label: result.routing.device, value: `${result.routing.maxFrequencyMhz} MHz` }]
          : []),
      ],
    },
    { kind: 'heading', text: 'Timing' },
    ...[...diagrams.values()].map((svg): Section => ({ kind: 'figure', svg, caption: '' })),
    { kind: 'text', paragraphs: sheet.notes },
    { kind: 'heading', text: `Ports of ${result.top}` },
    tableSection(
      [
        { title: 'port', align: 'left', cell: (r) => r.name },
        { title: 'direction', align: 'left', cell: (r) => r.direction },
        { title: 'bits', cell: (r) => r.bits },
        { title: 'meaning', align: 'left', cell: (r) => r.meaning },
      ],
      sheet.ports,
    ),
    { kind: 'heading', text: 'Register map' },
    tableSection(
      [
        { title: 'address', align: 'left', cell: (r) => r.address },
        { title: 'access', align: 'left', cell: (r) => r.access },
        { title: 'name', align: 'left', cell: (r) => r.name },
        { title: 'meaning', align: 'left', cell: (r) => r.meaning },
      ],
      sheet.registers,
    ),
    { kind: 'heading', text: 'Memory words' },
    tableSection(
      [
        { title: 'memory', align: 'left', cell: (r) => r.memory },
        { title: 'bits', align: 'left', cell: (r) => r.bits },
        { title: 'field', align: 'left', cell: (r) => r.name },
        { title: 'meaning', align: 'left', cell: (r) => r.meaning },
      ],
      sheet.fields,
    ),
  ]
  for (const report of result.synthesis)
    sections.push(
      { kind: 'heading', text: `Area: ${report.target}` },
      tableSection(
        moduleColumns,
        [...report.modules, { ...report, module: 'whole design, flattened', instances: 1 }],
        'Yosys, modules mapped one by one and the whole flattened; open flow, so compare ratios rather than vendor figures.',
      ),
    )
  if (result.comparison)
    sections.push(
      { kind: 'heading', text: 'Compared with the published designs' },
      tableSection(
        areaColumns,
        result.comparison,
        'rel.: to the released separate FP32 build (published Fig. 16); clusters: share of 16 Eyeriss-V2 clusters (published Table 6). The released designs and the baseline were mapped with Yosys 0.23.',
      ),
    )
  return renderPage({
    title: sheet.title,
    lead: `Data sheet of the generated scheduler (${result.files.length} files); its test bench plays ${result.testDecisions} decisions against the bit-accurate model.`,
    sections,
    footer: commandLine,
  })
}
