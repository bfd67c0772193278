import { createRequire } from 'node:module'

/** Version of this package: part of reports, caches and `--version`. */
export const packageVersion = (
  createRequire(import.meta.url)('../../package.json') as { version: string }
).version
