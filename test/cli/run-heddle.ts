import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What one invocation of the built command printed and how it ended. */
export interface Invocation {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Runs the built `heddle` command in a process of its own, as a user does. */
export function runHeddle(args: readonly string[], cwd?: string): Invocation {
  const result = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    timeout: 110_000,
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1' },
    ...(cwd === undefined ? {} : { cwd }),
  })
  return { status: result.status, stdout: result.stdout, stderr: result.stderr }
}
