import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../base/index.js'
import { cannotWrite, makeFolder } from './out-folder.js'
import type { OutputFiles } from './verb.js'

/**
 * Writes files into a folder so that a reader never sees half of one: each goes to a temporary name in its folder
 * first, and only when all are complete are they renamed.
 * @throws InputError when the folder cannot be made or written
 */
export function writeFiles(folder: string, files: OutputFiles): void {
  const staged: [string, string][] = []
  try {
    for (const [name, content] of files) {
      const target = join(folder, name)
      makeFolder(dirname(target))
      if (existsSync(target) && statSync(target).isDirectory())
        throw cannotWrite(target, { code: 'EISDIR' })
      const temporary = `${target}.${process.pid}.tmp`
      staged.push([temporary, target])
      writeFileSync(temporary, content)
    }
    for (const [temporary, target] of staged) renameSync(temporary, target)
  } catch (error) {
    for (const [temporary] of staged) rmSync(temporary, { force: true })
    throw error instanceof InputError ? error : cannotWrite(folder, error)
  }
}
