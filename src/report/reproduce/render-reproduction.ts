import type { ReproducedTable, ReproductionResult } from '../../reproduce/index.js'
import { renderPage, tableSection, type Section } from '../page.js'
import { svgToPng } from '../png.js'
import { csvTable, type Column } from '../table.js'
import { drawChart } from './draw-chart.js'

/** All files of a reproduction: report.html, and per figure SVG, PNG and CSV, per table CSV. */
export function renderReproduction(
  title: string,
  result: ReproductionResult,
  commandLine: string,
): ReadonlyMap<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>()
  const sections: Section[] = []
  if (result.findings.length > 0) sections.push({ kind: 'text', paragraphs: result.findings })
  for (const figure of result.figures) {
    const svg = drawChart(figure.table, figure.chart, figure.title)
    files.set(`${figure.name}.svg`, svg)
    files.set(`${figure.name}.png`, svgToPng(svg))
    files.set(`${figure.table.name}.csv`, csv(figure.table))
    sections.push(
      { kind: 'heading', text: figure.title },
      { kind: 'figure', svg, caption: figure.caption },
      {
        kind: 'details',
        summary: `Numbers (${figure.table.name}.csv)`,
        sections: [table(figure.table)],
      },
    )
  }
  for (const each of result.tables) {
    files.set(`${each.name}.csv`, csv(each))
    sections.push({ kind: 'heading', text: each.title }, table(each))
  }
  files.set(
    'report.html',
    renderPage({
      title,
      lead: 'The published figures and tables, drawn again from Heddle’s own results.',
      sections,
      footer: commandLine,
    }),
  )
  return files
}

function columnsOf(table: ReproducedTable, round: boolean): Column<readonly (string | number)[]>[] {
  return table.columns.map((title, i) => ({
    title,
    align: typeof table.rows[0]?.[i] === 'number' ? 'right' : 'left',
    cell: (row) => (round && typeof row[i] === 'number' ? shorten(row[i]) : row[i]),
  }))
}

/** Six significant digits on the page; the CSV has all. */
function shorten(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
}

function csv(table: ReproducedTable): string {
  return csvTable(columnsOf(table, false), table.rows)
}

function table(each: ReproducedTable): Section {
  return tableSection(columnsOf(each, true), each.rows)
}
