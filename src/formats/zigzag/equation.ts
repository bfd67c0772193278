import type { LoopDim } from '../../model/index.js'

/** Letters by which the operands of an equation are indexed, in lower case. */
export interface Equation {
  readonly output: ReadonlySet<string>
  readonly weight: ReadonlySet<string>
  readonly input: ReadonlySet<string>
  /** Whether the operands are added element by element instead of multiplied. */
  readonly isSum: boolean
}

/** `O[b][k]+=W[k][c]*I[b][c]` → the indices of each operand; undefined where it is no such equation. */
export function parseEquation(text: string): Equation | undefined {
  const found = /^O((?:\[\w+\])+)\+?=([WI])((?:\[\w+\])+)([*+])([WI])((?:\[\w+\])+)$/.exec(
    text.replace(/\s+/g, ''),
  )
  if (found === null || found[2] === found[5]) return undefined
  const [first, second] = [indices(found[3]), indices(found[6])]
  const weightFirst = found[2] === 'W'
  return {
    output: indices(found[1]),
    weight: weightFirst ? first : second,
    input: weightFirst ? second : first,
    isSum: found[4] === '+',
  }
}

function indices(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\w+/g)].map((match) => match[0].toLowerCase()))
}

/** `ix=2*ox+1*fx`: how an input index follows from an output and a kernel index of the same axis. */
export interface Relation {
  readonly axis: 'x' | 'y'
  readonly stride: number
  readonly dilation: number
}

/** Reads one dimension relation; a factor left out is 1. */
export function parseRelation(text: string): Relation | undefined {
  const found = /^i([xy])=(?:([1-9]\d*)\*)?o\1\+(?:([1-9]\d*)\*)?f\1$/.exec(
    text.replace(/\s+/g, '').toLowerCase(),
  )
  if (found === null) return undefined
  return {
    axis: found[1] as 'x' | 'y',
    stride: Number(found[2] ?? 1),
    dilation: Number(found[3] ?? 1),
  }
}

/**
 * ZigZag's loop names in ours, by the operands that each loop indexes: the names of a file are free (its matrix products
 * are C, D, K), the parts that loops play are not. The values are undefined for a loop that indexes nothing.
 */
export function loopNames(
  names: readonly string[],
  { output, weight, input, isSum }: Equation,
  relations: readonly Relation[],
  isPool: boolean,
): ReadonlyMap<string, LoopDim | undefined> {
  const axes = new Set(relations.map((each) => each.axis))
  const result = new Map<string, LoopDim | undefined>()
  const free: LoopDim[] = ['OX', 'OY', 'B']
  const pixel = (name: string): LoopDim | undefined => {
    const wanted = free.find((each) => each === name) ?? free.find((each) => !names.includes(each))
    if (wanted !== undefined) free.splice(free.indexOf(wanted), 1)
    return wanted
  }
  for (const name of names) {
    const letter = name.toLowerCase()
    const kernel = /^F([XY])$/.exec(name)
    const slides = kernel !== null && axes.has(kernel[1].toLowerCase() as 'x' | 'y')
    const inOutput = output.has(letter)
    const inInput =
      input.has(letter) || (/^o[xy]$/.test(letter) && axes.has(letter[1] as 'x' | 'y'))
    const inWeight = weight.has(letter)
    if (slides) result.set(name, name as LoopDim)
    else if ((isSum || isPool) && inOutput && /^[GKC]$/.test(name)) result.set(name, 'G')
    else if (inOutput && inInput && inWeight && !isSum) result.set(name, 'G')
    else if (inOutput && inInput) result.set(name, pixel(name))
    else if (inOutput && inWeight) result.set(name, 'K')
    else if (inInput && inWeight) result.set(name, 'C')
    else result.set(name, undefined)
  }
  return result
}
