import { formatPercent } from '../../base/index.js'
import type { PlanResult } from '../../plan/index.js'
import { escapeMarkup } from '../escape.js'
import { seriesColor, tones } from '../palette.js'

const LEFT = 110
const WIDTH = 760
const ROW = 30

/** Load of every kind of core as stacked bars, one colour per network; the line marks fully busy. */
export function loadSvg({ loads, networks }: PlanResult): string {
  const most = Math.max(1, ...loads.map((each) => each.load)) * 1.12
  const scale = (WIDTH - LEFT - 70) / most
  const top = 30
  const bottom = top + loads.length * ROW
  const legend = networks.map(
    ({ name }, i) =>
      `<rect x="${LEFT + i * 150}" y="6" width="11" height="11" fill="${seriesColor(i)}"/><text x="${LEFT + i * 150 + 16}" y="16">${escapeMarkup(name)}</text>`,
  )
  const bars = loads.map(({ core, count, load, networks: parts }, row) => {
    let x = LEFT
    const y = top + row * ROW
    const pieces = parts.map((part, i) => {
      const svg = `<rect x="${x}" y="${y + 5}" width="${part.load * scale}" height="${ROW - 12}" fill="${seriesColor(i)}"/>`
      x += part.load * scale
      return svg
    })
    return `<text x="${LEFT - 8}" y="${y + ROW / 2 + 4}" text-anchor="end">${escapeMarkup(`${core} × ${count}`)}</text>${pieces.join('')}<text x="${x + 6}" y="${y + ROW / 2 + 4}">${formatPercent(load)}</text>`
  })
  const full = LEFT + scale
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + 24}" viewBox="0 0 ${WIDTH} ${bottom + 24}" font-family="system-ui, Helvetica, Arial, DejaVu Sans, sans-serif" font-size="12" fill="${tones.ink}">
${legend.join('\n')}
${bars.join('\n')}
<line x1="${full}" x2="${full}" y1="${top}" y2="${bottom}" stroke="${tones.alert}" stroke-dasharray="4 3"/>
<text x="${full}" y="${bottom + 15}" text-anchor="middle" fill="${tones.alert}">100 %</text>
</svg>`
}
