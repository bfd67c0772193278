import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError, suggestName } from '../base/index.js'

/** Kinds of preset; each is a folder of `presets/` whose files are inputs like a user's own. */
export const presetCategories = ['accelerators', 'networks', 'socs', 'scenarios', 'traces'] as const
export type PresetCategory = (typeof presetCategories)[number]

/** One shipped input: `name` is what a path option accepts. */
export interface Preset {
  readonly category: PresetCategory
  readonly name: string
  readonly path: string
}

/** Text of an input, and the name that messages about it use. */
export interface InputText {
  readonly file: string
  readonly path: string
  readonly text: string
}

// The same relative place from src/presets and from dist/presets.
const root = fileURLToPath(new URL('../../presets/', import.meta.url))

/** All presets of a category, by name. A preset is a file (its extension is not part of the name) or a folder. */
export function listPresets(category: PresetCategory): Preset[] {
  const folder = join(root, category)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((entry) => !entry.startsWith('.') && entry !== 'README.md')
    .map((entry) => ({
      category,
      name: basename(entry, extname(entry)),
      path: join(folder, entry),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * The path behind an option's value: an existing file or folder, else the preset of that name.
 * @throws InputError naming the nearest preset
 */
export function resolveInput(value: string, category: PresetCategory): string {
  if (
    existsSync(value) &&
    !(listPresets(category).some((p) => p.name === value) && statSync(value).isDirectory())
  ) {
    return value
  }
  const presets = listPresets(category)
  const plain = (name: string): string => name.toLowerCase().replaceAll('_', '-')
  const preset = presets.find((p) => plain(p.name) === plain(value))
  if (preset) return preset.path
  throw new InputError({
    code: 'E-IN-001',
    message: `no file and no preset among the ${category} is named "${value}"`,
    hint: suggestName(
      value,
      presets.map((p) => p.name),
    ),
  })
}

/** A path of the user's own, or else the shipped example of that name, e.g. `examples/shapes`. */
export function resolveExample(path: string): string {
  const shipped = join(root, '..', path)
  const isExample = /^(\.\/)?examples\//.test(path) && !path.includes('..')
  return !existsSync(path) && isExample && existsSync(shipped) ? shipped : path
}

/** How messages name an input: a preset by its folder and file, a user's file by its path. */
export function inputLabel(path: string): string {
  return path.startsWith(root) ? relative(root, path) : path
}

/**
 * Reads the text behind an option's value: a file, or a preset's name.
 * @throws InputError when there is no such file or preset, or it cannot be read as text
 */
export function readInput(value: string, category: PresetCategory): InputText {
  const path = resolveInput(value, category)
  if (statSync(path).isDirectory()) {
    throw new InputError({
      code: 'E-IN-002',
      at: { file: path },
      message: 'this is a folder, expected a file',
    })
  }
  return { file: inputLabel(path), path, text: readFileSync(path, 'utf8') }
}
