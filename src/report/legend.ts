import { escapeMarkup } from './escape.js'
import { tones } from './palette.js'

/** One colour of a figure and what it stands for. */
export interface LegendEntry {
  readonly label: string
  readonly color: string
}

const FONT = 12
const ROW = 22
/** Mean width of a character of the legend's font, in SVG units; generous, so that labels never touch. */
const CHAR = 7.2
/** The same of the bold title. */
const TITLE_CHAR = 8.6

/** Puts a title line and a row of colour keys above a stand-alone SVG; the result is again a stand-alone SVG. */
export function withLegend(svg: string, title: string, entries: readonly LegendEntry[]): string {
  const drawn = Number(/<svg[^>]*\bwidth="([\d.]+)"/.exec(svg)?.[1] ?? 640)
  const width = Math.max(drawn, Math.ceil(16 + title.length * TITLE_CHAR))
  const height = Number(/<svg[^>]*\bheight="([\d.]+)"/.exec(svg)?.[1] ?? 400)
  const parts: string[] = []
  let x = 8
  let y = title === '' ? 16 : 40
  if (title !== '') {
    parts.push(
      `<text x="8" y="17" font-size="14" font-weight="600" fill="${tones.ink}">${escapeMarkup(title)}</text>`,
    )
  }
  for (const { label, color } of entries) {
    const capitals = label.replace(/[^A-Z_0-9]/g, '').length
    const room = 26 + label.length * CHAR + capitals * 1.5
    if (x > 8 && x + room > width) {
      x = 8
      y += ROW
    }
    parts.push(
      `<rect x="${x}" y="${y - 10}" width="12" height="12" fill="${color}"/>`,
      `<text x="${x + 17}" y="${y}" font-size="${FONT}" fill="${tones.ink}">${escapeMarkup(label)}</text>`,
    )
    x += room
  }
  const head = entries.length > 0 ? y + 12 : title === '' ? 0 : 28
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + head}" viewBox="0 0 ${width} ${height + head}"` +
    ` font-family="system-ui, Helvetica, Arial, DejaVu Sans, sans-serif">${parts.join('')}` +
    `<svg y="${head}"${svg.slice(svg.indexOf('<svg') + 4)}</svg>`
  )
}
