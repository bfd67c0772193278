import { Command } from 'commander'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verbs } from '../../src/cli/verbs/index.js'

const root = join(import.meta.dirname, '../..')
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(root, 'docs')).map((name) => join('docs', name)),
]
const SHARED = ['--json', '--out', '--seed', '--threads', '--quiet', '--help']

/** Every `heddle VERB …` that a document prints, in a block or in a line. */
function commandsOf(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8')
  const inBlocks = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, block]) =>
    [...block.matchAll(/^(?:\$ )?(heddle [a-z].*)$/gm)].map(([, line]) => line.replace(/#.*/, '')),
  )
  const inLines = [...text.matchAll(/`(heddle [a-z][^`\n]*)`/g)].map(([, line]) => line)
  return [...inBlocks, ...inLines]
}

async function optionsOf(verb: string): Promise<string[]> {
  const command = new Command(verb)
  const loaded = await verbs[verb].load()
  loaded.configure(command)
  return [...command.options.map((option) => option.long ?? ''), ...SHARED]
}

test('documents and help name no verb and no option that does not exist', async () => {
  const helpTexts = readdirSync(join(root, 'src/cli/verbs')).map((name) =>
    join('src/cli/verbs', name),
  )
  let checked = 0
  for (const document of [...documents, ...helpTexts]) {
    const lines = document.startsWith('src')
      ? [
          ...readFileSync(join(root, document), 'utf8').matchAll(
            /(?:\n|\\n) {2}(heddle [^\n'`\\]*)/g,
          ),
        ].map(([, line]) => line)
      : commandsOf(document)
    for (const line of lines) {
      for (const verb of line.split(' ')[1].split('|')) {
        expect(Object.keys(verbs), `${document}: ${line}`).toContain(verb)
        const known = await optionsOf(verb)
        for (const [option] of line.matchAll(/--[a-z-]+/g)) {
          expect(known, `${document}: ${line}`).toContain(option)
          checked++
        }
      }
    }
  }
  expect(checked).toBeGreaterThan(100)
})
