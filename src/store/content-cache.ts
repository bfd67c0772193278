import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// A new build may compute other numbers: its entries are its own.
const build = statSync(fileURLToPath(import.meta.url)).mtimeMs

/**
 * Results of pure functions by the content of their inputs, one JSON file each. Whoever deletes the folder, or a file
 * of it, loses nothing but time; a damaged file counts as absent.
 */
export class ContentCache {
  private readonly folder: string | undefined
  private readonly version: string
  private readonly digests = new WeakMap<object, string>()
  hits = 0
  misses = 0

  /** @param folder undefined: nothing is kept */
  constructor(folder: string | undefined, version: string) {
    this.folder = folder
    this.version = version
  }

  /** The result of `name` for this input, if it is known. */
  get(name: string, input: object): { readonly value: unknown } | undefined {
    const path = this.path(name, input)
    if (path !== undefined && existsSync(path)) {
      try {
        const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
        this.hits++
        return { value }
      } catch {
        // Cut short or damaged: compute it again and overwrite it.
      }
    }
    this.misses++
    return undefined
  }

  set(name: string, input: object, value: unknown): void {
    const path = this.path(name, input)
    if (path === undefined || this.folder === undefined) return
    const temporary = `${path}.${process.pid}.tmp`
    try {
      mkdirSync(this.folder, { recursive: true })
      writeFileSync(temporary, JSON.stringify(value))
      renameSync(temporary, path)
    } catch {
      // No room, or no longer a folder: what is not kept is computed again.
      rmSync(temporary, { force: true })
    }
  }

  private path(name: string, input: object): string | undefined {
    if (this.folder === undefined) return undefined
    const hash = createHash('sha256').update(`${this.version}\n${build}\n${name}\n`)
    for (const [key, value] of Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)))
      hash.update(`${key}: ${this.digest(value)}\n`)
    return join(this.folder, `${name}-${hash.digest('hex').slice(0, 40)}.json`)
  }

  /** Parts that several inputs share, such as traces, are put into canonical form once. */
  private digest(part: unknown): string {
    if (typeof part !== 'object' || part === null) return canonical(part)
    const known = this.digests.get(part)
    if (known !== undefined) return known
    const digest = createHash('sha256').update(canonical(part)).digest('hex')
    this.digests.set(part, digest)
    return digest
  }
}

/** JSON with sorted keys, in which numbers that JSON does not know stay different from null. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'number' && !Number.isFinite(each)) return `number ${each}`
    if (each === null || typeof each !== 'object' || Array.isArray(each)) return each
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
