import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { InputError } from '../base/index.js'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'that file system is read-only',
  ENOSPC: 'no space is left on the device',
  EISDIR: 'this is a folder, expected a file',
  ENOENT: 'such a file or folder cannot be made there',
  EEXIST: 'this is a file, expected a folder',
  ENOTDIR: 'part of the path is a file, expected folders',
}

/** What the operating system refused, in words. */
export function cannotWrite(file: string, error: unknown): InputError {
  const { code = '', message } = error as NodeJS.ErrnoException
  return new InputError({
    code: 'E-OUT-001',
    at: { file },
    message: `cannot write: ${REASONS[code] ?? message}`,
  })
}

/**
 * Whether a folder exists, or could be made, and takes files: asked before a long computation, not after it.
 * @throws InputError
 */
export function checkFolder(path: string, option: string): void {
  if (path.trim() === '') {
    throw new InputError({ code: 'E-OUT-002', message: `${option} is empty, expected a path` })
  }
  let nearest = path
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest)
  try {
    if (!statSync(nearest).isDirectory()) {
      throw Object.assign(new Error(), { code: nearest === path ? 'EEXIST' : 'ENOTDIR' })
    }
    accessSync(nearest, constants.W_OK)
  } catch (error) {
    throw cannotWrite(path, error)
  }
}

/** Makes a folder and those above it, one by one: Node's own recursion never ends where the kernel refuses (/proc). */
export function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw Object.assign(new Error(), { code: 'EEXIST' })
    return
  }
  makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
