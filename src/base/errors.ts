/** Where in an input something was found. Lines and columns count from 1; absent when the input has no text. */
export interface Position {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** One message about an input, of the form `file:line:column [code] message — hint`. */
export interface Diagnostic {
  /** Stable identifier, e.g. `E-CFG-004`. */
  readonly code: string
  readonly at?: Position
  /** What was found and what was expected. */
  readonly message: string
  /** What to do next: the nearest valid name, the fix. */
  readonly hint?: string
}

/** `file:line:column [code] message — hint`, leaving out what is unknown. */
export function formatDiagnostic(d: Diagnostic): string {
  const where = d.at
    ? [d.at.file, d.at.line, d.at.column].filter((part) => part !== undefined).join(':') + ' '
    : ''
  return printable(`${where}[${d.code}] ${d.message}${d.hint ? ` — ${d.hint}` : ''}`)
}

const LONGEST = 1000

/** Quoted input may be anything: what would drive a terminal, or fill it, is not printed. */
function printable(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text
  return short.replace(/\p{Cc}|\ufffd/gu, (c) => (c === '\n' || c === '\t' ? c : '·'))
}

/** Bad usage or bad input: exit status 2. All problems of one input are collected and reported together. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: Diagnostic | readonly Diagnostic[]) {
    const list = Array.isArray(diagnostics)
      ? (diagnostics as readonly Diagnostic[])
      : [diagnostics as Diagnostic]
    super(list.map(formatDiagnostic).join('\n'))
    this.diagnostics = list
  }
}

/** The question is well formed but has no answer: exit status 3. Says which constraint cannot be met, and by how much. */
export class InfeasibleError extends Error {
  override readonly name = 'InfeasibleError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: Diagnostic | readonly Diagnostic[]) {
    const list = Array.isArray(diagnostics)
      ? (diagnostics as readonly Diagnostic[])
      : [diagnostics as Diagnostic]
    super(list.map(formatDiagnostic).join('\n'))
    this.diagnostics = list
  }
}
