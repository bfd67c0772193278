import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { InputError } from '../base/index.js'
import type { ByteSource, ExternalFiles } from '../formats/onnx/index.js'

/** A file read in pieces; it stays open until `close`. */
export interface FileSource extends ByteSource {
  close(): void
}

/**
 * Opens a file for reading in pieces.
 * @param name for messages
 * @throws InputError when it is missing, a folder or unreadable
 */
export function openFileSource(path: string, name = path): FileSource {
  if (!existsSync(path) || statSync(path).isDirectory()) {
    throw new InputError({
      code: 'E-IN-003',
      at: { file: path },
      message: 'there is no such file',
    })
  }
  const descriptor = openSync(path, 'r')
  const readInto = (target: Uint8Array, offset: number): void => {
    let done = 0
    while (done < target.length) {
      const count = readSync(descriptor, target, done, target.length - done, offset + done)
      if (count === 0) throw new InputError(cutShort(path, offset + done))
      done += count
    }
  }
  return {
    name,
    byteLength: fstatSync(descriptor).size,
    read(offset, length) {
      const bytes = new Uint8Array(length)
      readInto(bytes, offset)
      return bytes
    },
    readInto,
    close: () => closeSync(descriptor),
  }
}

function cutShort(
  file: string,
  at: number,
): { code: string; at: { file: string }; message: string } {
  return {
    code: 'E-IN-005',
    at: { file },
    message: `the file ended at byte ${at} while it was read`,
  }
}

/** Files beside a model, opened on first use; `close` closes them. A path that leaves the model's folder is not followed. */
export function openExternalFiles(modelPath: string): { files: ExternalFiles; close(): void } {
  const open = new Map<string, FileSource>()
  const folder = dirname(modelPath)
  const files: ExternalFiles = (location) => {
    const known = open.get(location)
    if (known) return known
    const path = join(folder, location)
    const outside = isAbsolute(location) || relative(folder, path).startsWith('..')
    if (outside || !existsSync(path)) return undefined
    const source = openFileSource(path)
    open.set(location, source)
    return source
  }
  return {
    files,
    close: () => {
      for (const source of open.values()) source.close()
    },
  }
}
