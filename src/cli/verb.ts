import type { Command } from 'commander'
import type { Session } from './session.js'

/** What a verb hands back; the command line decides where it goes. */
export interface VerbResult {
  /** The document of `--json`; must match the schema that `heddle schema <verb>` prints. */
  readonly json: unknown
  /** Tables and messages for a person, without a final newline. */
  readonly text: string
  /** Files of `--out`, by name; called only when they are wanted. Must hold `report.html` when the verb draws. */
  readonly files?: () => OutputFiles | Promise<OutputFiles>
  /** Content of the one file that `--out` names, for verbs that write a file instead of a folder. */
  readonly file?: () => string | Uint8Array
  /** 3 = no feasible answer, 2 = bad input, where the document itself says so; default 0. */
  readonly exitStatus?: 0 | 2 | 3
}

export type OutputFiles = ReadonlyMap<string, string | Uint8Array>

/** One verb of the command line. `read, compute, show`: no algorithm lives here. */
export interface Verb {
  /** What `--out` names; default: a folder. */
  readonly out?: 'file' | 'nothing'
  /** false = neither draws random numbers nor uses threads. */
  readonly computes?: false
  /** Adds arguments, options and examples. The options shared by all verbs are already there. */
  configure(command: Command): void
  /** @throws InputError (exit 2), InfeasibleError (exit 3) */
  run(
    session: Session,
    options: Readonly<Record<string, unknown>>,
    args: readonly string[],
  ): Promise<VerbResult>
}
