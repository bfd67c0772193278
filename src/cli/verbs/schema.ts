import { InputError, suggestName } from '../../base/index.js'
import { inputSchemas, resultSchemas } from '../../formats/index.js'
import type { Verb } from '../verb.js'

/** `heddle schema NAME` */
export const schema: Verb = {
  out: 'nothing',
  computes: false,
  configure(command) {
    command.argument('<name>', `an input form or a verb: ${names().join(', ')}`)
  },
  async run(_session, _options, [name]) {
    const make = inputSchemas[name] ?? resultSchemas[name]
    if (make === undefined) {
      throw new InputError({
        code: 'E-CLI-004',
        message: `there is no schema named "${name}"`,
        hint: suggestName(name, names()),
      })
    }
    const json = make()
    return { json, text: JSON.stringify(json, null, 2) }
  },
}

function names(): string[] {
  return [...Object.keys(inputSchemas), ...Object.keys(resultSchemas)]
}
