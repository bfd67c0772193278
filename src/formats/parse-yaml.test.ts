import { expect, test } from 'vitest'
import { z } from 'zod'
import { formatDiagnostic, InputError } from '../base/index.js'
import { parseYaml } from './parse-yaml.js'

const schema = z.strictObject({
  name: z.string(),
  memories: z.array(z.strictObject({ bandwidth: z.number().positive(), sizeKib: z.number() })),
})

function messages(text: string): string[] {
  try {
    parseYaml(text, 'a.yaml', schema)
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(formatDiagnostic)
    throw error
  }
  return []
}

test('a valid document keeps its positions', () => {
  const parsed = parseYaml(
    'name: x\nmemories:\n  - bandwidth: 3\n    sizeKib: 1\n',
    'a.yaml',
    schema,
  )
  expect(parsed.value.memories[0].bandwidth).toBe(3)
  expect(parsed.at(['memories', 0, 'bandwidth'])).toEqual({ file: 'a.yaml', line: 3, column: 16 })
})

test('collects every problem, each with its position and the nearest key', () => {
  expect(messages('name: 3\nmemories:\n  - bandwith: 3\n    sizeKib: big\n')).toEqual([
    'a.yaml:1:7 [E-YAML-004] "name" is 3: invalid input: expected string',
    'a.yaml:3:5 [E-YAML-003] missing "memories.0.bandwidth": invalid input: expected number',
    'a.yaml:4:14 [E-YAML-004] "memories.0.sizeKib" is "big": invalid input: expected number',
    'a.yaml:3:5 [E-YAML-002] unknown key "bandwith" in "memories.0" — did you mean "bandwidth"?',
  ])
})

test('reports broken syntax and repeated keys where they stand', () => {
  expect(messages('name: [1\n')[0]).toMatch(/^a\.yaml:\d+:\d+ \[E-YAML-001\]/)
  expect(messages('name: a\nname: b\nmemories: []\n')[0]).toMatch(
    /^a\.yaml:2:1 \[E-YAML-001\].*unique/,
  )
})
