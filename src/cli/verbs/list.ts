import { InputError, suggestName } from '../../base/index.js'
import { listPresets, presetCategories, type PresetCategory } from '../../presets/index.js'
import { textTable } from '../../report/index.js'
import type { Verb } from '../verb.js'
import { describePreset } from '../describe-preset.js'

/** `heddle list [category]` */
export const list: Verb = {
  configure(command) {
    command.argument('[category]', `one of: ${presetCategories.join(', ')}`)
  },
  async run(_session, _options, [category]) {
    if (category !== undefined && !isCategory(category)) {
      throw new InputError({
        code: 'E-CLI-003',
        message: `unknown category "${category}"`,
        hint: suggestName(category, presetCategories),
      })
    }
    const categories = category === undefined ? presetCategories : [category]
    const rows = categories.flatMap((each) => listPresets(each).map(describePreset))
    const text = textTable(
      [
        { title: 'category', align: 'left', cell: (row) => row.category },
        { title: 'name', align: 'left', cell: (row) => row.name },
        { title: 'description', align: 'left', cell: (row) => row.description },
      ],
      rows,
    )
    return { json: rows, text }
  },
}

function isCategory(word: string): word is PresetCategory {
  return (presetCategories as readonly string[]).includes(word)
}
