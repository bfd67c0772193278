import { firstRepeated, InputError, suggestName, type Diagnostic } from '../../base/index.js'
import {
  objectives,
  overlapModes,
  tileGrid,
  type ExplorationRequest,
  type LayerSearch,
  type Objective,
  type OverlapMode,
  type StackChoice,
  type TileSize,
} from '../../fuse/index.js'
import type { Workload } from '../../model/index.js'
import type { ImportSettings } from '../network-input.js'

/** Options of `heddle fuse` as commander delivers them. */
export interface FuseOptions extends ImportSettings {
  readonly accelerator?: string
  readonly network?: string
  readonly tiles: string
  readonly mode: string
  readonly stacks?: string
  readonly search?: string
  readonly lpfLimit: number
  readonly asPublished: boolean
  readonly objective: string
  readonly timeLimit?: number
}

const stackWords = ['auto', 'weights-fit', 'every-layer', 'none'] as const

/** Options that were understood. */
export interface FuseQuestion {
  readonly request: ExplorationRequest
  readonly search: LayerSearch
  readonly objective: Objective
}

/**
 * Reads the options that say what to explore.
 * @throws InputError with every problem of the options
 */
export function readFuseOptions(options: FuseOptions, workload: Workload): FuseQuestion {
  const problems: Diagnostic[] = []
  const tiles = readTiles(options.tiles, problems)
  const modes = readModes(options.mode, problems)
  const stacks = readStacks(
    options.stacks ?? (options.asPublished ? 'weights-fit' : 'auto'),
    workload,
    problems,
  )
  const objective = oneOf('--objective', options.objective, objectives, problems)
  const searchKind = oneOf(
    '--search',
    options.search ?? (options.asPublished ? 'loma' : 'optimal'),
    ['optimal', 'loma'] as const,
    problems,
  )
  if (problems.length > 0) throw new InputError(problems)
  return {
    request: { modes, tiles, stacks, perStack: options.mode === 'auto' || tiles === 'auto' },
    objective: objective ?? 'energy',
    search:
      searchKind === 'loma' ? { kind: 'loma', lpfLimit: options.lpfLimit } : { kind: 'optimal' },
  }
}

function oneOf<T extends string>(
  option: string,
  word: string,
  valid: readonly T[],
  problems: Diagnostic[],
): T | undefined {
  const found = valid.find((each) => each === word)
  if (found === undefined) {
    problems.push({
      code: 'E-FUSE-020',
      message: `${option} "${word}" is none of ${valid.join(', ')}`,
      hint: suggestName(word, valid),
    })
  }
  return found
}

/** `60x72`, `60x72,4x72`, `1,4,16x1,4,18` (a grid) or `auto`. */
function readTiles(text: string, problems: Diagnostic[]): 'auto' | TileSize[] {
  if (text === 'auto') return 'auto'
  const size = (word: string): number => {
    const value = Number(word)
    if (/^\s*\d+\s*$/.test(word) && value >= 1 && Number.isSafeInteger(value)) return value
    problems.push({
      code: 'E-FUSE-021',
      message: `--tiles has "${word.trim()}" where a whole number ≥ 1 was expected`,
      hint: 'one tile 60x72, several 60x72,4x72, a grid 1,4,16x1,4,18, or auto',
    })
    return 1
  }
  const halves = text.split(/[x×]/i)
  if (halves.length === 2) {
    const [xs, ys] = halves.map((half) => half.split(',').map(size))
    if (problems.length === 0) {
      refuseRepeats('--tiles', xs, problems)
      refuseRepeats('--tiles', ys, problems)
    }
    return tileGrid(xs, ys)
  }
  const tiles = text.split(',').map((pair) => {
    const words = pair.split(/[x×]/i)
    if (words.length !== 2) {
      problems.push({
        code: 'E-FUSE-021',
        message: `--tiles has "${pair.trim()}" where a tile like 60x72 was expected`,
        hint: 'columns x rows of the output, e.g. 60x72,4x72',
      })
      return { x: 1, y: 1 }
    }
    return { x: size(words[0]), y: size(words[1]) }
  })
  if (problems.length === 0) {
    const names = tiles.map(({ x, y }) => `${x}x${y}`)
    refuseRepeats('--tiles', names, problems)
  }
  return tiles
}

function refuseRepeats(
  option: string,
  entries: readonly (string | number)[],
  problems: Diagnostic[],
): void {
  const repeated = firstRepeated(entries)
  if (repeated === undefined) return
  problems.push({ code: 'E-FUSE-025', message: `${option}: "${repeated}" is given twice` })
}

function readModes(word: string, problems: Diagnostic[]): readonly OverlapMode[] {
  if (word === 'all' || word === 'auto') return overlapModes
  const mode = oneOf('--mode', word, [...overlapModes, 'all', 'auto'] as const, problems)
  return mode === undefined || mode === 'all' || mode === 'auto' ? overlapModes : [mode]
}

function readStacks(text: string, workload: Workload, problems: Diagnostic[]): StackChoice {
  const word = stackWords.find((each) => each === text)
  if (word !== undefined) return { kind: word }
  const names = workload.layers.map((layer) => layer.name)
  const cuts = text.split(',').map((name) => name.trim())
  refuseRepeats('--stacks', cuts, problems)
  const after = cuts.map((name) => {
    const position = names.indexOf(name)
    if (position < 0) {
      problems.push({
        code: 'E-FUSE-022',
        message: `--stacks cuts after "${name}", which is no layer of ${workload.name}`,
        hint: suggestName(name, [...names, ...stackWords]),
      })
    }
    return position
  })
  return { kind: 'cuts', after: after.sort((a, b) => a - b) }
}
