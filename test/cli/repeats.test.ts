import { Command } from 'commander'
import type { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/base/index.js'
import { refuseRepeatedOptions } from '../../src/cli/option-repeats.js'
import { isRepeatable } from '../../src/cli/options.js'
import { verbs } from '../../src/cli/verbs/index.js'
import { runHeddle, type Invocation } from './run-heddle.js'

/** Values of which every parser accepts one. */
const VALUES = ['1', '64', '1,2', '0.5', 'name=1', '1..3', '2x2']

describe('an option of one value is given once', () => {
  for (const [name, { load }] of Object.entries(verbs)) {
    test(name, async () => {
      const command = new Command(name).exitOverride()
      ;(await load()).configure(command)
      refuseRepeatedOptions(command)
      // A command is an emitter, although its types say no more than `on`.
      const events = command as unknown as EventEmitter
      for (const option of command.options) {
        if (option.isBoolean() || option.negate || isRepeatable(option.parseArg)) continue
        const give = (text: string): boolean => events.emit(`option:${option.name()}`, text)
        const accepted = VALUES.find((text) => {
          try {
            return give(text)
          } catch {
            return false
          }
        })
        expect(accepted, option.flags).toBeDefined()
        expect(() => give(accepted ?? ''), option.flags).toThrow(InputError)
      }
    })
  }
})

/** Bad usage: status 2, nothing on stdout, these words on stderr. */
function expectRefusal({ status, stdout, stderr }: Invocation, ...words: string[]): void {
  for (const word of words) expect(stderr).toContain(word)
  expect(status).toBe(2)
  expect(stdout).toBe('')
}

const heddle = (line: string): Invocation => runHeddle(line.split(' '))

test('both values are named, and where a list is wanted', () => {
  const fuse = 'fuse --accelerator meta-prototype-df --network fsrcnn'
  expectRefusal(heddle(`${fuse} --tiles 4x4 --tiles 8x8`), 'E-CLI-009', '--tiles', '4x4 and 8x8')
  expectRefusal(heddle('serve --rate 3 --rate 4'), '3 and 4', '--rate 3,4')
  expectRefusal(heddle('list --threads 1 --threads 2'), '--threads is given twice: 1 and 2')
})

test('an entry stands once in a list', () => {
  const serve = 'serve --traces micro-cnn --requests 10'
  expectRefusal(heddle(`${serve} --policy fcfs,fcfs`), '--policy', '"fcfs" is given twice')
  expectRefusal(heddle(`${serve} --rate 3,4,3.0`), '--rate', '"3" is given twice')
  expectRefusal(heddle(`${serve} --seeds 1..5,4`), '--seeds', '"4" is given twice')
  expectRefusal(
    heddle(`${serve} --rate 3 --speeds 1,1 --affinity micro-cnn=0 --affinity micro-cnn=1`),
    '--affinity: "micro-cnn" is given twice',
    '--affinity micro-cnn=0,1',
  )
  const map = 'map --accelerator acc-1lv --network test-network'
  expectRefusal(heddle(`${map} --layer 1 --layer 1`), '--layer', '"1" is given twice')
  expectRefusal(heddle(`${map} --bind a=1 --bind a=2`), '"a" is given twice: 1 and 2')
  const fuse = 'fuse --accelerator meta-prototype-df --network fsrcnn'
  expectRefusal(heddle(`${fuse} --tiles 4x4,8x8,4x4`), '--tiles: "4x4" is given twice')
  expectRefusal(heddle(`${fuse} --tiles 4,4x8`), '--tiles: "4" is given twice')
  const plan = 'plan smart-camera --no-cache --vary'
  expectRefusal(heddle(`${plan} serve.requests=1,1`), 'serve.requests=1,1: "1" is given twice')
  expectRefusal(heddle(`${plan} serve.requests=1 --vary serve.requests=2`), 'is given twice')
  expectRefusal(heddle('reproduce prism --only fig9,fig9'), '"fig9" is given twice')
})

test('equal speeds of accelerators are no repetition', () => {
  const run = heddle('serve --traces micro-cnn --requests 10 --rate 10 --policy fcfs --speeds 1,1')
  expect(run.status).toBe(0)
})
