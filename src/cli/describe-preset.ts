import { readFileSync, statSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { readOnnx } from '../formats/onnx/index.js'
import { fedInputs } from '../model/index.js'
import type { Preset } from '../presets/index.js'
import { openFileSource } from './file-source.js'

/** A preset as `heddle list` shows it. */
export interface PresetDescription {
  readonly category: string
  readonly name: string
  readonly description: string
}

/** The first comment line of a preset file (or of the README in a preset folder) is its description. */
export function describePreset(preset: Preset): PresetDescription {
  if (preset.path.endsWith('.onnx')) return { ...nameOf(preset), description: describeOnnx(preset) }
  const file = statSync(preset.path).isDirectory() ? join(preset.path, 'README.md') : preset.path
  const head = existsSync(file) ? readFileSync(file, 'utf8').slice(0, 4000) : ''
  const line = head
    .split(/\r?\n/)
    .find((each) => /^(#|;|\/\/)\s*\S/.test(each) && !each.includes('yaml-language-server'))
  const description =
    line?.replace(/^(#+|;|\/\/)\s*/, '').trim() ??
    /"description"\s*:\s*"([^"]*)"/.exec(head)?.[1] ??
    ''
  return { ...nameOf(preset), description }
}

function nameOf(preset: Preset): { readonly category: string; readonly name: string } {
  return { category: preset.category, name: preset.name }
}

function describeOnnx(preset: Preset): string {
  const source = openFileSource(preset.path)
  const { graph, opsets } = readOnnx(source)
  source.close()
  const inputs = fedInputs(graph).map(({ name, dims }) => `${name} [${(dims ?? []).join(', ')}]`)
  const external = [...graph.initializers.values()].some(
    ({ storage }) => storage.kind === 'external',
  )
  return `ONNX graph ${external ? 'without' : 'with'} weights, operator set ${opsets.get('')}, ${graph.nodes.length} nodes; ${inputs.join(', ')}`
}
