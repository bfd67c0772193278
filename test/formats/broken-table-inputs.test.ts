import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { formatDiagnostic, InputError } from '../../src/base/index.js'
import { readAnyInput } from '../../src/cli/read-any-input.js'

const root = fileURLToPath(new URL('../input/', import.meta.url))
const forms = ['table-accelerator', 'network-cfg', 'scheduling-table']

/** What reading a broken file says, one line per problem, without the folder. */
function complaint(form: string, file: string): string[] {
  try {
    return [`read as ${readAnyInput(join(root, form, file))}`]
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.diagnostics.map((d) => formatDiagnostic(d).replaceAll(join(root, form, '/'), ''))
  }
}

describe.each(forms)('broken %s files', (form) => {
  const expected = JSON.parse(readFileSync(join(root, form, 'expected.json'), 'utf8')) as Record<
    string,
    string[]
  >
  const files = readdirSync(join(root, form)).filter((file) => file !== 'expected.json')

  test('each has its expected messages', () => {
    expect(Object.fromEntries(files.sort().map((file) => [file, complaint(form, file)]))).toEqual(
      expected,
    )
  })

  test('each message says where, with a line and a column', () => {
    for (const file of files)
      for (const line of complaint(form, file))
        expect(line).toMatch(/^\S+(:\d+:\d+)? \[E-[A-Z]+-\d+\] \S/)
  })
})
