import { readFileSync, statSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Preset } from '../presets/index.js'

/** A preset as `heddle list` shows it. */
export interface PresetDescription {
  readonly category: string
  readonly name: string
  readonly description: string
}

/** The first comment line of a preset file (or of the README in a preset folder) is its description. */
export function describePreset(preset: Preset): PresetDescription {
  const file = statSync(preset.path).isDirectory() ? join(preset.path, 'README.md') : preset.path
  const head = existsSync(file) ? readFileSync(file, 'utf8').slice(0, 4000) : ''
  const line = head
    .split(/\r?\n/)
    .find((each) => /^(#|;|\/\/)\s*\S/.test(each) && !each.includes('yaml-language-server'))
  const description =
    line?.replace(/^(#+|;|\/\/)\s*/, '').trim() ??
    /"description"\s*:\s*"([^"]*)"/.exec(head)?.[1] ??
    ''
  return { category: preset.category, name: preset.name, description }
}
