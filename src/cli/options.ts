import { InvalidArgumentError } from 'commander'
import { firstRepeated } from '../base/index.js'

/** What commander calls with the text of an option, and what is there already of a repeatable one. */
type OptionParser<T> = (text: string, previous?: T) => T

/** Option parser: whole number in [min, max]. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^[+-]?\d+$/.test(text.trim()) || value < min || value > max) {
      const range = max === Number.MAX_SAFE_INTEGER ? `≥ ${min}` : `${min} … ${max}`
      throw new InvalidArgumentError(`Expected a whole number ${range}.`)
    }
    return value
  }
}

/** Option parser: finite number > `above`. */
export function numberAbove(above: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value <= above) {
      throw new InvalidArgumentError(`Expected a number above ${above}.`)
    }
    return value
  }
}

/** Option parser: comma-separated words, blanks trimmed, none empty. */
export function commaList(text: string): string[] {
  const words = text.split(',').map((word) => word.trim())
  if (words.some((word) => word === ''))
    throw new InvalidArgumentError('Expected a comma-separated list.')
  return words
}

/** Option parser: comma-separated finite numbers. */
export function numberList(text: string): number[] {
  return commaList(text).map((word) => {
    const value = Number(word)
    if (!Number.isFinite(value)) throw new InvalidArgumentError(`"${word}" is not a number.`)
    return value
  })
}

/** Option parser for repeatable options: collects the values in order. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

/** Option parser for repeatable `name=size` settings, also comma-separated: collects them into one record. */
export function namedSizes(
  text: string,
  previous: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const sizes = new Map(Object.entries(previous))
  for (const part of commaList(text)) {
    const match = /^(.+)=(\d+)$/.exec(part)
    if (match === null || Number(match[2]) < 1) {
      throw new InvalidArgumentError(`"${part}" is not NAME=SIZE with a size of at least 1.`)
    }
    const other = sizes.get(match[1])
    if (other !== undefined)
      throw new InvalidArgumentError(`"${match[1]}" is given twice: ${other} and ${match[2]}.`)
    sizes.set(match[1], Number(match[2]))
  }
  return Object.fromEntries(sizes)
}

/** Option parser: numbers above 0, comma-separated. */
export function positiveList(text: string): number[] {
  const values = numberList(text)
  if (values.some((value) => value <= 0))
    throw new InvalidArgumentError('Expected numbers above 0.')
  return values
}

/** Option parser: whole numbers ≥ 0, comma-separated; `A..B` is a range with both ends. */
export function seedList(text: string): number[] {
  return commaList(text).flatMap((word) => {
    const range = /^(\d+)\.\.(\d+)$/.exec(word)
    const from = Number(range ? range[1] : word)
    const to = Number(range ? range[2] : word)
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to < from)
      throw new InvalidArgumentError(`"${word}" is neither a whole number nor a range A..B.`)
    if (to - from >= 100_000) throw new InvalidArgumentError(`"${word}" is too long a range.`)
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}

/** Option parser: a list, in one option or collected, in which no entry may stand twice. */
export function distinct<T>(parse: OptionParser<readonly T[]>): OptionParser<readonly T[]> {
  const parseDistinct: OptionParser<readonly T[]> = (text, previous) => {
    const entries = parse(text, previous)
    const repeated = firstRepeated(entries)
    if (repeated !== undefined)
      throw new InvalidArgumentError(`"${String(repeated)}" is given twice.`)
    return entries
  }
  if (isRepeatable(parse)) repeatable.add(parseDistinct)
  if (isList(parse)) lists.add(parseDistinct)
  return parseDistinct
}

const repeatable = new WeakSet<object>([collect, namedSizes])
const lists = new WeakSet<object>([commaList, numberList, positiveList, seedList])

/** Whether the options of a parser may be given several times. */
export function isRepeatable(parser: object | undefined): boolean {
  return parser !== undefined && repeatable.has(parser)
}

/** Whether the options of a parser take several values, separated by commas. */
export function isList(parser: object | undefined): boolean {
  return parser !== undefined && lists.has(parser)
}
