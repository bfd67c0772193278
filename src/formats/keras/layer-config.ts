import { InputError, type Position } from '../../base/index.js'
import type { KerasLayer } from './keras-model.js'

/** Typed access to a layer's configuration; every failure names layer and key with its position. */
export class LayerConfig {
  readonly layer: KerasLayer
  private readonly at: (path: readonly (string | number)[]) => Position

  constructor(layer: KerasLayer, at: (path: readonly (string | number)[]) => Position) {
    this.layer = layer
    this.at = at
  }

  /** Whole number ≥ 1. */
  size(key: string, fallback?: number): number {
    const value = this.layer.config[key] ?? fallback
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
    return this.fail(key, 'a whole number ≥ 1')
  }

  /** Rows and columns: a pair, or one number for both. */
  pair(key: string, fallback?: readonly [number, number]): readonly [number, number] {
    const value = this.layer.config[key] ?? fallback
    if (isSize(value)) return [value, value]
    if (Array.isArray(value) && value.length === 2 && value.every(isSize)) {
      return [value[0], value[1]]
    }
    return this.fail(key, 'one or two whole numbers ≥ 1')
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.layer.config[key] ?? fallback
    return typeof value === 'boolean' ? value : this.fail(key, 'true or false')
  }

  int(key: string, fallback: number): number {
    const value = this.layer.config[key] ?? fallback
    if (typeof value === 'number' && Number.isInteger(value)) return value
    // Axes are written as lists of one in some versions.
    if (Array.isArray(value) && value.length === 1) return Number(value[0])
    return this.fail(key, 'a whole number')
  }

  ints(key: string): readonly number[] {
    const value = this.layer.config[key]
    if (Array.isArray(value) && value.every((each) => Number.isInteger(each))) {
      return value as number[]
    }
    return this.fail(key, 'a list of whole numbers')
  }

  /** One of some words. */
  word<T extends string>(key: string, words: readonly T[], fallback: T): T {
    const value = this.layer.config[key] ?? fallback
    return words.find((word) => word === value) ?? this.fail(key, words.join(' or '))
  }

  /** Name of an activation function: a word, or an object that carries one (Keras 3). */
  functionName(key: string): string {
    const value = this.layer.config[key] ?? 'linear'
    if (typeof value === 'string') return value
    const { class_name: name, config } = value as { class_name?: unknown; config?: unknown }
    if (name === 'function' && typeof config === 'string') return config
    return typeof name === 'string' ? name : this.fail(key, 'the name of a function')
  }

  /** Zeros around a picture: a number, one per axis, or begin and end of both axes. */
  margins(key: string): { readonly begin: readonly number[]; readonly end: readonly number[] } {
    const value = this.layer.config[key] ?? 1
    const axes = (isCount(value) ? [value, value] : value) as unknown
    if (Array.isArray(axes) && axes.length === 2) {
      const pairs = axes.map((axis: unknown) => (isCount(axis) ? [axis, axis] : axis))
      if (pairs.every((axis) => Array.isArray(axis) && axis.length === 2 && axis.every(isCount))) {
        const [rows, columns] = pairs as [number, number][]
        return { begin: [rows[0], columns[0]], end: [rows[1], columns[1]] }
      }
    }
    return this.fail(key, 'numbers of rows and columns, e.g. [[1, 1], [1, 1]]')
  }

  /** @throws InputError naming layer, key and what was found */
  fail(key: string, expected: string): never {
    const value = this.layer.config[key]
    throw new InputError({
      code: 'E-KERAS-003',
      at: this.at([...this.layer.path, 'config', key]),
      message: `layer "${this.layer.name}" (${this.layer.className}): "${key}" is ${value === undefined ? 'missing' : JSON.stringify(value)}, expected ${expected}`,
    })
  }

  /** @throws InputError with a message about the whole layer */
  reject(code: string, message: string, hint?: string): never {
    throw new InputError({
      code,
      at: this.at(this.layer.path),
      message: `layer "${this.layer.name}" (${this.layer.className}) ${message}`,
      ...(hint === undefined ? {} : { hint }),
    })
  }
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
