import { InputError, suggestName } from '../../base/index.js'
import { listPresets, presetCategories, type PresetCategory } from '../../presets/index.js'
import { textTable } from '../../report/index.js'
import { policies } from '../../serve/index.js'
import type { Verb } from '../verb.js'
import { describePreset, type PresetDescription } from '../describe-preset.js'

/** What can be listed: the presets, and the scheduling policies of `serve`. */
const categories = [...presetCategories, 'policies'] as const
type Category = PresetCategory | 'policies'

/** `heddle list [category]` */
export const list: Verb = {
  out: 'nothing',
  computes: false,
  configure(command) {
    command.argument('[category]', `one of: ${categories.join(', ')}`)
  },
  async run(session, _options, [category]) {
    if (category !== undefined && !isCategory(category)) {
      throw new InputError({
        code: 'E-CLI-003',
        message: `unknown category "${category}"`,
        hint: suggestName(category, categories),
      })
    }
    const wanted = category === undefined ? categories : [category]
    const rows = wanted.flatMap(describeCategory)
    const text = textTable(
      [
        ...(category === undefined
          ? [{ title: 'category', align: 'left', cell: categoryOf } as const]
          : []),
        { title: 'name', align: 'left', cell: (row) => row.name },
        { title: 'description', align: 'left', cell: (row) => row.description },
      ],
      rows,
      session.columns,
    )
    return { json: rows, text }
  },
}

function categoryOf({ category }: PresetDescription): string {
  return category
}

function describeCategory(category: Category): PresetDescription[] {
  if (category !== 'policies') return listPresets(category).map(describePreset)
  return Object.values(policies).map(({ name, summary }) => ({
    category,
    name,
    description: summary,
  }))
}

function isCategory(word: string): word is Category {
  return (categories as readonly string[]).includes(word)
}
