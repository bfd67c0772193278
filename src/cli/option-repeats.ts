import type { Command } from 'commander'
import { InputError } from '../base/index.js'
import { isList, isRepeatable } from './options.js'

/**
 * Makes giving an option of one value twice an error: commander alone takes the last value in silence. Switches may be
 * repeated, and so may options whose parser collects.
 */
export function refuseRepeatedOptions(command: Command): void {
  for (const option of command.options) {
    if (option.isBoolean() || option.negate || isRepeatable(option.parseArg)) continue
    let first: string | undefined
    command.on(`option:${option.name()}`, (text: string) => {
      if (first === undefined) {
        first = text
        return
      }
      throw new InputError({
        code: 'E-CLI-009',
        message: `--${option.name()} is given twice: ${first} and ${text}`,
        hint: isList(option.parseArg)
          ? `several values go into one list: --${option.name()} ${first},${text}`
          : 'it takes one value; leave one of the two out',
      })
    })
  }
}
