import { InputError, type Diagnostic, type Position } from '../../base/index.js'

/** `key=value` of a .cfg file. */
export interface CfgSetting {
  /** As written, without blanks. */
  readonly key: string
  readonly value: string
  /** Of the key. */
  readonly at: Position
  /** Of the first character of the value. */
  readonly valueAt: Position
}

/** `[NAME]` and the settings under it. */
export interface CfgSection {
  readonly name: string
  readonly at: Position
  readonly settings: readonly CfgSetting[]
}

/**
 * Splits the text of a .cfg file (accelerator, network or scheduling table of the published tool) into sections.
 * Blanks do not count; a line that begins with `#` is a comment. Stricter than the published reader where that one
 * guesses: a comment after a value, text after a section's bracket and a setting before any section are errors.
 * @throws InputError with every problem of the text's form
 */
export function parseCfg(text: string, file: string): CfgSection[] {
  const problems: Diagnostic[] = []
  const sections: { name: string; at: Position; settings: CfgSetting[] }[] = []
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/\r$/, '')
    const start = line.search(/\S/)
    if (start < 0 || line[start] === '#') return
    const at: Position = { file, line: index + 1, column: start + 1 }
    if (line[start] === '[') {
      const match = /^\s*\[\s*([^\]]*?)\s*\]\s*(.*)$/.exec(line)
      if (!match || match[1] === '') {
        problems.push({
          code: 'E-CFG-001',
          at,
          message: `"${line.trim()}" is no section`,
          hint: 'write [NAME]',
        })
        return
      }
      if (match[2] !== '') {
        problems.push({
          code: 'E-CFG-002',
          at: { file, line: index + 1, column: line.indexOf(']') + 2 },
          message: `"${match[2]}" follows the section name`,
          hint: 'a comment needs a line of its own, beginning with #',
        })
      }
      sections.push({ name: match[1].replaceAll(' ', ''), at, settings: [] })
      return
    }
    const equals = line.indexOf('=')
    if (equals < 0) {
      problems.push({
        code: 'E-CFG-003',
        at,
        message: `"${line.trim()}" is neither a section nor a setting`,
        hint: 'write [NAME] or KEY=VALUE',
      })
      return
    }
    const section = sections.at(-1)
    const key = line.slice(0, equals).replace(/\s/g, '')
    const rawValue = line.slice(equals + 1)
    const valueAt: Position = {
      file,
      line: index + 1,
      column: equals + 2 + Math.max(0, rawValue.search(/\S/)),
    }
    if (section === undefined) {
      problems.push({
        code: 'E-CFG-004',
        at,
        message: `the setting "${key}" stands before any section`,
        hint: 'open a section with [NAME] first',
      })
      return
    }
    const comment = rawValue.indexOf('#')
    if (comment >= 0) {
      problems.push({
        code: 'E-CFG-005',
        at: { file, line: index + 1, column: equals + 2 + comment },
        message: `a comment follows the value of "${key}"`,
        hint: 'a comment needs a line of its own, beginning with #',
      })
      return
    }
    section.settings.push({ key, value: rawValue.replace(/\s/g, ''), at, valueAt })
  })
  if (problems.length > 0) throw new InputError(problems)
  return sections
}
