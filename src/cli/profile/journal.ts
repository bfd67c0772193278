import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LayerFacts, LayerMeasurement } from '../../model/index.js'

interface JournalEntry {
  readonly sample: number
  readonly dataset: string
  readonly layers: readonly LayerMeasurement[]
}

/**
 * Samples already measured, one JSON line each, so that an interrupted run goes on where it stopped. A journal of other
 * settings is ignored and replaced; a line that was cut short ends it.
 */
export class Journal {
  readonly done = new Map<number, JournalEntry>()
  facts: readonly LayerFacts[] | undefined
  private readonly path: string | undefined
  private readonly fingerprint: string

  /** @param path undefined: nothing is kept */
  constructor(path: string | undefined, fingerprint: string) {
    this.path = path
    this.fingerprint = fingerprint
    if (path === undefined || !existsSync(path)) return
    const [head, ...lines] = readFileSync(path, 'utf8').split('\n')
    const start = parse<{ fingerprint: string; facts: readonly LayerFacts[] }>(head)
    if (start?.fingerprint !== fingerprint) return
    this.facts = start.facts
    for (const line of lines) {
      const entry = parse<JournalEntry>(line)
      if (entry === undefined) break
      this.done.set(entry.sample, entry)
    }
  }

  add(entry: JournalEntry, facts: readonly LayerFacts[]): void {
    this.done.set(entry.sample, entry)
    if (this.path !== undefined) {
      if (this.facts === undefined) {
        mkdirSync(dirname(this.path), { recursive: true })
        writeFileSync(this.path, JSON.stringify({ fingerprint: this.fingerprint, facts }) + '\n')
      }
      appendFileSync(this.path, JSON.stringify(entry) + '\n')
    }
    this.facts = facts
  }

  /** Removes the file: the profile is complete and written. */
  discard(): void {
    if (this.path !== undefined) rmSync(this.path, { force: true })
  }
}

function parse<T>(line: string): T | undefined {
  try {
    return JSON.parse(line) as T
  } catch {
    return undefined
  }
}
