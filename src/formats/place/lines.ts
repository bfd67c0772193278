import { InputError, type Diagnostic, type Position } from '../../base/index.js'

/** One number or word of a text file, with its place. */
export interface Token {
  readonly text: string
  readonly at: Position
}

/** Words of a text by line, without what follows a comment sign. Lines without words are left out. */
export function tokenLines(text: string, file: string, comment: RegExp): Token[][] {
  const lines: Token[][] = []
  text.split(/\r?\n/).forEach((raw, i) => {
    const line = raw.replace(comment, '')
    const tokens = [...line.matchAll(/\S+/g)].map((match) => ({
      text: match[0],
      at: { file, line: i + 1, column: match.index + 1 },
    }))
    if (tokens.length > 0) lines.push(tokens)
  })
  return lines
}

/** Collects problems while numbers are read, so that one run reports them all. */
export class NumberReader {
  readonly problems: Diagnostic[] = []
  private readonly code: string

  constructor(code: string) {
    this.code = code
  }

  /** The token as a number ≥ 0, whole when asked; 0 with a problem noted otherwise. */
  number(token: Token | undefined, what: string, at: Position, whole = true): number {
    const value = Number(token?.text)
    if (
      token !== undefined &&
      Number.isFinite(value) &&
      value >= 0 &&
      (!whole || Number.isInteger(value))
    )
      return value
    this.note(
      token?.at ?? at,
      `expected ${what}, a ${whole ? 'whole ' : ''}number ≥ 0, found ${token === undefined ? 'the end of the line' : `"${token.text}"`}`,
    )
    return 0
  }

  note(at: Position, message: string, hint?: string): void {
    this.problems.push({ code: this.code, at, message, ...(hint === undefined ? {} : { hint }) })
  }

  /** @throws InputError when anything was noted */
  finish(): void {
    if (this.problems.length > 0) throw new InputError(this.problems.slice(0, 20))
  }
}
