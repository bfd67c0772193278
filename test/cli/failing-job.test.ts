import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'heddle-jobs-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a job that fails ends the process, whatever else was waiting', () => {
  const job = join(folder, 'job.mjs')
  writeFileSync(job, "export const run = () => { throw new Error('no such luck') }\n")
  const workers = pathToFileURL(join(import.meta.dirname, '../../dist/workers/index.js')).href
  const script = `
    import { runJobs } from ${JSON.stringify(workers)}
    const options = { threads: 1, seed: 1, signal: new AbortController().signal }
    await runJobs(new URL(${JSON.stringify(pathToFileURL(job).href)}), [1, 2, 3, 4], options)
      .catch((error) => console.log(error.message))
  `
  const main = join(folder, 'main.mjs')
  writeFileSync(main, script)
  const ended = spawnSync(process.execPath, [main], { timeout: 30_000, encoding: 'utf8' })
  expect(ended.signal).toBeNull()
  expect(ended.status).toBe(0)
  expect(ended.stdout).toContain('no such luck')
}, 60_000)

test('a job that never looks does not keep an interrupted command waiting', () => {
  const job = join(folder, 'deaf.mjs')
  writeFileSync(job, 'export const run = () => { for (;;) Math.random() }\n')
  const workers = pathToFileURL(join(import.meta.dirname, '../../dist/workers/index.js')).href
  const script = `
    import { runJobs } from ${JSON.stringify(workers)}
    const stop = new AbortController()
    const leave = new AbortController()
    setTimeout(() => stop.abort(), 300)
    setTimeout(() => leave.abort(), 600)
    const options = {
      threads: 2, seed: 1, signal: stop.signal,
      abandon: { signal: leave.signal, error: () => new Error('not waiting') },
    }
    await runJobs(new URL(${JSON.stringify(pathToFileURL(job).href)}), [1, 2, 3], options)
      .catch((error) => console.log(error.message))
  `
  const main = join(folder, 'interrupted.mjs')
  writeFileSync(main, script)
  const ended = spawnSync(process.execPath, [main], { timeout: 30_000, encoding: 'utf8' })
  expect(ended.signal).toBeNull()
  expect(ended.stdout).toContain('not waiting')
}, 60_000)
