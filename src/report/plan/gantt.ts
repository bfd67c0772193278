import { escapeMarkup } from '../escape.js'
import { seriesColor, tones } from '../palette.js'

/** One bar: a span of time on a row, coloured by group. */
export interface GanttBar {
  readonly row: string
  readonly start: number
  readonly end: number
  readonly group: string
  readonly title: string
}

const LEFT = 110
const WIDTH = 1080
const ROW = 26

/**
 * Bars on rows over time as stand-alone SVG, with a legend of groups. Bars narrower than a third of a pixel are drawn
 * a third wide, so that nothing that happened is invisible.
 * @param unit of the time axis, for its label
 */
export function ganttSvg(bars: readonly GanttBar[], rows: readonly string[], unit: string): string {
  const groups = [...new Set(bars.map((bar) => bar.group))]
  const begin = Math.min(...bars.map((bar) => bar.start), Infinity)
  const end = Math.max(...bars.map((bar) => bar.end), -Infinity)
  const span = end > begin ? end - begin : 1
  const scale = (WIDTH - LEFT - 20) / span
  const legend = legendRows(groups)
  const top = 10 + 20 * legend.lines
  const bottom = top + rows.length * ROW
  const x = (time: number): number => LEFT + (time - begin) * scale
  const marks = bars.map(({ row, start, end: stop, group, title }) => {
    const y = top + rows.indexOf(row) * ROW + 4
    const width = Math.max(0.33, (stop - start) * scale)
    return `<rect x="${x(start).toFixed(2)}" y="${y}" width="${width.toFixed(2)}" height="${ROW - 8}" fill="${seriesColor(groups.indexOf(group))}"><title>${escapeMarkup(title)}</title></rect>`
  })
  const labels = rows.map((row, i) => {
    const y = top + i * ROW
    return `<text x="${LEFT - 8}" y="${y + ROW / 2 + 4}" text-anchor="end">${escapeMarkup(row)}</text><line x1="${LEFT}" x2="${WIDTH - 20}" y1="${y + ROW}" y2="${y + ROW}" stroke="${tones.line}"/>`
  })
  const axis = ticks(begin, begin + span).map(
    (time) =>
      `<line x1="${x(time)}" x2="${x(time)}" y1="${top}" y2="${bottom + 4}" stroke="${tones.line}"/><text x="${x(time)}" y="${bottom + 18}" text-anchor="middle">${Number(time.toPrecision(6))}</text>`,
  )
  const height = bottom + 40
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, Helvetica, Arial, DejaVu Sans, sans-serif" font-size="12" fill="${tones.ink}">
${legend.svg}
${axis.join('\n')}
${labels.join('\n')}
${marks.join('\n')}
<text x="${(LEFT + WIDTH - 20) / 2}" y="${height - 6}" text-anchor="middle" fill="${tones.soft}">${escapeMarkup(unit)}</text>
</svg>`
}

function legendRows(groups: readonly string[]): { readonly svg: string; readonly lines: number } {
  let x = LEFT
  let line = 0
  const entries = groups.map((group, i) => {
    const width = 26 + 7 * group.length
    if (x + width > WIDTH - 20 && x > LEFT) {
      x = LEFT
      line++
    }
    const y = 8 + 20 * line
    const svg = `<rect x="${x}" y="${y}" width="11" height="11" fill="${seriesColor(i)}"/><text x="${x + 16}" y="${y + 10}">${escapeMarkup(group)}</text>`
    x += width
    return svg
  })
  return { svg: entries.join('\n'), lines: groups.length === 0 ? 0 : line + 1 }
}

/** Round values that divide a span into four to ten parts. */
function ticks(from: number, to: number): number[] {
  const raw = (to - from) / 7
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10)
  const first = Math.ceil(from / step) * step
  return Array.from(
    { length: Math.floor((to - first) / step + 1e-9) + 1 },
    (_, i) => first + i * step,
  )
}
