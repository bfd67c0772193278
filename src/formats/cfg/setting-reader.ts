import { suggestName, type Diagnostic, type Position } from '../../base/index.js'
import type { CfgSection, CfgSetting } from './parse-cfg.js'

/** Reads typed settings of one section and collects what is wrong with them; a wrong value reads as its default. */
export class SettingReader {
  readonly section: CfgSection
  private readonly problems: Diagnostic[]
  private readonly settings = new Map<string, CfgSetting>()

  /** @param known the keys that the section may hold, upper case */
  constructor(section: CfgSection, known: readonly string[], problems: Diagnostic[]) {
    this.section = section
    this.problems = problems
    for (const setting of section.settings) {
      const key = setting.key.toUpperCase()
      if (!known.includes(key)) {
        this.report(
          setting.at,
          'E-CFG-011',
          `unknown key "${setting.key}" in [${section.name}]`,
          suggestName(key, known),
        )
      } else if (this.settings.has(key)) {
        this.report(
          setting.at,
          'E-CFG-012',
          `"${setting.key}" is set twice in [${section.name}]`,
          `line ${this.settings.get(key)?.at.line} sets it first; keep one`,
        )
      } else {
        this.settings.set(key, setting)
      }
    }
  }

  get(key: string): CfgSetting | undefined {
    return this.settings.get(key)
  }

  report(at: Position, code: string, message: string, hint?: string): void {
    this.problems.push({ code, at, message, ...(hint === undefined ? {} : { hint }) })
  }

  /** A finite number ≥ `min`, or > `min` when `above`. */
  number(key: string, fallback: number, min = 0, above = false): number {
    const setting = this.settings.get(key)
    if (setting === undefined) return fallback
    const value = plainNumber(setting.value)
    if (value !== undefined && (above ? value > min : value >= min)) return value
    this.report(
      setting.valueAt,
      'E-CFG-013',
      `${setting.key} is "${setting.value}": expected a number ${above ? `above ${min}` : `≥ ${min}`}`,
    )
    return fallback
  }

  /** A whole number ≥ `min`. */
  whole(key: string, fallback: number, min = 1): number {
    const setting = this.settings.get(key)
    if (setting === undefined) return fallback
    const value = plainNumber(setting.value)
    if (value !== undefined && Number.isSafeInteger(value) && value >= min) return value
    this.report(
      setting.valueAt,
      'E-CFG-013',
      `${setting.key} is "${setting.value}": expected a whole number ≥ ${min}`,
    )
    return fallback
  }

  /** One or three numbers ≥ 0. */
  perOperand(
    key: string,
    above = false,
  ): readonly [number] | readonly [number, number, number] | undefined {
    const setting = this.settings.get(key)
    if (setting === undefined) return undefined
    const words = setting.value.split(',')
    const values = words.map(plainNumber)
    if (values.some((value) => value === undefined || value < 0 || (above && value === 0))) {
      this.report(
        setting.valueAt,
        'E-CFG-013',
        `${setting.key} is "${setting.value}": expected numbers ${above ? 'above' : '≥'} 0, comma-separated`,
      )
      return undefined
    }
    if (values.length !== 1 && values.length !== 3) {
      this.report(
        setting.valueAt,
        'E-CFG-014',
        `${setting.key} has ${values.length} values: expected one for all operands, or three (input, weight, output)`,
      )
      return undefined
    }
    return values as unknown as readonly [number] | readonly [number, number, number]
  }

  /** A word of a list, lower case. */
  word<W extends string>(key: string, words: readonly W[], fallback: W): W {
    const setting = this.settings.get(key)
    if (setting === undefined) return fallback
    const word = words.find((each) => each === setting.value.toLowerCase())
    if (word !== undefined) return word
    this.report(
      setting.valueAt,
      'E-CFG-015',
      `${setting.key} is "${setting.value}"`,
      suggestName(setting.value, words),
    )
    return fallback
  }
}

/** A decimal number and nothing else: "3#x", "1e", "" and "0x10" are none. */
export function plainNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined
}

/** Reports sections that a kind of file does not have, and repeated ones; returns the first of each name. */
export function indexSections(
  sections: readonly CfgSection[],
  known: readonly string[],
  problems: Diagnostic[],
): ReadonlyMap<string, CfgSection> {
  const index = new Map<string, CfgSection>()
  for (const section of sections) {
    if (!known.includes(section.name)) {
      problems.push({
        code: 'E-CFG-006',
        at: section.at,
        message: `unknown section [${section.name}]`,
        hint: suggestName(section.name, known),
      })
    } else if (index.has(section.name)) {
      problems.push({
        code: 'E-CFG-007',
        at: section.at,
        message: `section [${section.name}] is given twice`,
        hint: `line ${index.get(section.name)?.at.line} opens it first; merge them`,
      })
    } else {
      index.set(section.name, section)
    }
  }
  return index
}
