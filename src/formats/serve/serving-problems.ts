import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import type { ParsedYaml } from '../parse-yaml.js'
import type { ServingFile } from './serving-schema.js'

/** A serving experiment as read; names of traces and policies are still to be found. */
export type ParsedServing = ParsedYaml<ServingFile>

export type Path = readonly (string | number)[]

/** Collects problems at positions of one file. */
export class ServingProblems {
  private readonly list: Diagnostic[] = []
  constructor(private readonly parsed: ParsedServing) {}

  add(code: string, path: Path, message: string, hint?: string): void {
    this.list.push({
      code,
      at: this.parsed.at(path),
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  }

  unknown(path: Path, what: string, name: string, known: readonly string[]): void {
    this.add('E-SERV-007', path, `there is no ${what} "${name}"`, suggestName(name, known))
  }

  raise(): void {
    if (this.list.length > 0) throw new InputError(this.list)
  }
}
