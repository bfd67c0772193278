import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { renderPage } from './page.js'
import { seriesColor, themeCss, tones } from './palette.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const DARK = /@media screen and \(prefers-color-scheme: dark\) \{\n(?<dark>[\s\S]*)\n\}$/

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const value = parseInt(hex.slice(i, i + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast of WCAG 2: 3 for shapes and large text, 4.5 for text. */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

function variables(css: string): Map<string, string> {
  return new Map(
    [...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  )
}

describe('dark pages', () => {
  const css = themeCss()
  const dark = DARK.exec(css)?.groups?.['dark'] ?? ''
  const light = variables(css.slice(0, css.indexOf('@media')))
  const night = variables(dark)

  test('only a screen is dark, so printing stays light, and every colour has its counterpart', () => {
    expect(renderPage({ title: 't', lead: 'l', sections: [], footer: 'f' })).toContain(css)
    expect(dark).not.toBe('')
    expect([...night.keys()]).toEqual([...light.keys()])
  })

  test('figures exchange every colour that they may name', () => {
    for (const [name, color] of light) {
      expect(dark).toContain(`figure svg [fill="${color}"] { fill: var(--${name}); }`)
      expect(dark).toContain(`figure svg [stroke="${color}"] { stroke: var(--${name}); }`)
    }
    expect(new Set(light.values()).size).toBe(light.size)
    expect([...light.values()]).toEqual(expect.arrayContaining([seriesColor(0), tones.ink]))
  })

  test('text and shapes can be told from the paper', () => {
    const paper = night.get('paper') ?? ''
    for (const name of ['ink', 'soft', 'alert'])
      expect(contrast(night.get(name) ?? '', paper), name).toBeGreaterThan(4.5)
    for (const [name, color] of night) {
      if (!name.startsWith('series')) continue
      expect(contrast(color, paper), name).toBeGreaterThan(4.5)
      expect(contrast(night.get('onSeries') ?? '', color), name).toBeGreaterThan(4.5)
    }
  })

  test('no figure names a colour of its own', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !/palette(\.test)?\.ts$/.test(file),
    )
    expect(files.length).toBeGreaterThan(50)
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8')
      expect(text, file).not.toMatch(/#[0-9a-fA-F]{3,6}['"`;]/)
    }
  })
})
