// Removes compiled files whose source is gone, so that dist never holds a module that src does not.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const dist = join(root, 'dist')
if (existsSync(dist)) {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const stem = relative(dist, path).replace(/(\.d\.ts|\.js)(\.map)?$/, '')
    if (!existsSync(join(root, 'src', `${stem}.ts`))) rmSync(path)
  }
}
