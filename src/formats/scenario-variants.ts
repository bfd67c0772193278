import { parse } from 'yaml'
import { firstRepeated, InputError } from '../base/index.js'

/** A scenario with some of its values replaced. */
export interface ScenarioVariant {
  /** `path=value` of every replaced value, in the order in which they were asked for. */
  readonly settings: Readonly<Record<string, number | string>>
  /** The changed scenario, as JSON, which every YAML reader reads. */
  readonly text: string
}

const MOST_VARIANTS = 500

/**
 * All combinations of the values that `--vary PATH=VALUES` asks for. A path walks through the scenario by keys, list
 * indices and names (`chip.cores.npu.count`, `networks.0.rate`); values are a list (`10,20,40`) or a range of whole
 * numbers (`1..4`).
 * @throws InputError naming the part of the path that does not exist
 */
export function scenarioVariants(
  text: string,
  file: string,
  varies: readonly string[],
): ScenarioVariant[] {
  const axes = varies.map((each) => parseVary(each))
  const twice = firstRepeated(axes.map(({ path }) => path.join('.')))
  if (twice !== undefined) {
    throw new InputError({
      code: 'E-PLAN-010',
      message: `--vary ${twice} is given twice`,
      hint: `its values go into one list: --vary ${twice}=1,2`,
    })
  }
  const count = axes.reduce((product, { values }) => product * values.length, 1)
  if (count > MOST_VARIANTS) {
    throw new InputError({
      code: 'E-PLAN-012',
      message: `--vary asks for ${count} variants, at most ${MOST_VARIANTS} are run`,
    })
  }
  let variants: { settings: Record<string, number | string>; document: unknown }[] = [
    { settings: {}, document: parse(text) as unknown },
  ]
  for (const { path, values } of axes) {
    variants = variants.flatMap(({ settings, document }) =>
      values.map((value) => {
        const copy = structuredClone(document)
        assign(copy, path, value, file)
        return { settings: { ...settings, [path.join('.')]: value }, document: copy }
      }),
    )
  }
  return variants.map(({ settings, document }) => ({
    settings,
    text: JSON.stringify(document, null, 1),
  }))
}

function parseVary(vary: string): {
  readonly path: readonly string[]
  readonly values: readonly (number | string)[]
} {
  const match = /^([^=]+)=(.+)$/.exec(vary)
  if (match === null) {
    throw new InputError({
      code: 'E-PLAN-010',
      message: `--vary "${vary}" is not PATH=VALUES`,
      hint: 'for example --vary chip.cores.npu.count=1..4 or --vary networks.0.rate=10,20,40',
    })
  }
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(match[2])
  const values =
    range === null
      ? match[2].split(',').map((word) => (Number.isNaN(Number(word)) ? word.trim() : Number(word)))
      : Array.from(
          { length: Number(range[2]) - Number(range[1]) + 1 },
          (_, i) => Number(range[1]) + i,
        )
  if (values.length === 0) {
    throw new InputError({ code: 'E-PLAN-010', message: `the range of --vary "${vary}" is empty` })
  }
  const repeated = firstRepeated(values)
  if (repeated !== undefined) {
    throw new InputError({
      code: 'E-PLAN-010',
      message: `--vary ${vary}: "${repeated}" is given twice`,
    })
  }
  return { path: match[1].split('.'), values }
}

function assign(
  document: unknown,
  path: readonly string[],
  value: number | string,
  file: string,
): void {
  let at = document
  path.slice(0, -1).forEach((key, i) => {
    at = step(at, key) ?? missing(path, i, at, file)
  })
  const last = path[path.length - 1]
  if (typeof at !== 'object' || at === null || Array.isArray(at))
    missing(path, path.length - 1, at, file)
  else (at as Record<string, unknown>)[last] = value
}

function step(at: unknown, key: string): unknown {
  if (Array.isArray(at)) {
    const list = at as readonly unknown[]
    return /^\d+$/.test(key)
      ? list[Number(key)]
      : list.find((each) => (each as { name?: unknown } | null)?.name === key)
  }
  return typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined
}

function missing(path: readonly string[], i: number, at: unknown, file: string): never {
  const known = Array.isArray(at)
    ? (at as readonly unknown[]).map(
        (each, n) => (each as { name?: string } | null)?.name ?? String(n),
      )
    : Object.keys(at ?? {})
  throw new InputError({
    code: 'E-PLAN-011',
    at: { file },
    message: `--vary ${path.join('.')}: the scenario has no "${path.slice(0, i + 1).join('.')}"`,
    hint: `there is: ${known.join(', ') || 'nothing'}`,
  })
}
