import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LayerFacts, LayerMeasurement } from '../../model/index.js'
import { makeFolder } from '../out-folder.js'

interface JournalEntry {
  readonly sample: number
  /** Which input was measured; see `Samples.label`. */
  readonly label: string
  readonly layers: readonly LayerMeasurement[]
}

/**
 * Samples already measured, one JSON line each, so that an interrupted run goes on where it stopped. A journal of other
 * settings is ignored and replaced; a line that was cut short is dropped with all that follow.
 */
export class Journal {
  facts: readonly LayerFacts[] | undefined
  private readonly done = new Map<number, JournalEntry>()
  private readonly path: string | undefined
  private readonly fingerprint: string
  /** What is in memory is not what is in the file. */
  private stale = true

  /** @param path undefined: nothing is kept */
  constructor(path: string | undefined, fingerprint: string) {
    this.path = path
    this.fingerprint = fingerprint
    if (path === undefined || !existsSync(path)) return
    const text = readFileSync(path, 'utf8')
    const [head, ...lines] = text.split('\n')
    const start = parse<{ fingerprint: string; facts: readonly LayerFacts[] }>(head)
    if (start?.fingerprint !== fingerprint) return
    this.facts = start.facts
    // The last piece is what follows the last line end: nothing, unless a line was cut short.
    this.stale = lines.pop() !== ''
    for (const line of lines) {
      const entry = parse<JournalEntry>(line)
      if (entry === undefined) {
        this.stale = true
        break
      }
      this.done.set(entry.sample, entry)
    }
  }

  /** The layers of a sample, if it was measured on the same input. */
  find(sample: number, label: string): readonly LayerMeasurement[] | undefined {
    const entry = this.done.get(sample)
    return entry?.label === label ? entry.layers : undefined
  }

  add(entry: JournalEntry, facts: readonly LayerFacts[]): void {
    this.done.set(entry.sample, entry)
    this.facts = facts
    if (this.path === undefined) return
    if (this.stale) {
      makeFolder(dirname(this.path))
      const head = { fingerprint: this.fingerprint, facts }
      const lines = [head, ...this.done.values()].map((each) => JSON.stringify(each) + '\n')
      writeFileSync(this.path, lines.join(''))
      this.stale = false
    } else {
      appendFileSync(this.path, JSON.stringify(entry) + '\n')
    }
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
