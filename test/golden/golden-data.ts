import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/**
 * Folder of golden cases: GOLDEN_DIR, or the project's own copy. A file is stored plain or with `.gz`; a folder of
 * further cases may lack files, which its suite then skips, saying so.
 */
const root = process.env['GOLDEN_DIR'] ?? fileURLToPath(new URL('./data', import.meta.url))

/** Where a golden file lies on disk (plain or `.gz`), or undefined. */
export function goldenPath(...parts: string[]): string | undefined {
  const path = join(root, ...parts)
  if (existsSync(path)) return path
  return existsSync(`${path}.gz`) ? `${path}.gz` : undefined
}

/** Text of a golden file, or undefined when this folder of cases does not have it. */
export function goldenText(...parts: string[]): string | undefined {
  const path = goldenPath(...parts)
  if (path === undefined) return undefined
  const bytes = readFileSync(path)
  return path.endsWith('.gz') ? gunzipSync(bytes).toString('utf8') : bytes.toString('utf8')
}

/** Parsed JSON of a golden file; the caller names the schema of its README. */
export function goldenJson<T>(...parts: string[]): T | undefined {
  const text = goldenText(...parts)
  return text === undefined ? undefined : (JSON.parse(text) as T)
}

/** Names of the files in a golden folder, without `.gz`, sorted. */
export function goldenFiles(...parts: string[]): string[] {
  const folder = join(root, ...parts)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name.replace(/\.gz$/, ''))
    .sort()
}
