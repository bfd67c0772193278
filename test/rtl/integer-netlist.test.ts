import { describe, expect, test } from 'vitest'
import { hardwareOptions, integerModules, randomRun } from '../../src/rtl/index.js'
import { hasYosys } from '../../src/toolchains/index.js'
import { NetlistEvaluator } from './netlist-evaluator.js'
import { wordLevelNetlist } from './netlist.js'
import { playOperations } from './play-operations.js'

const present = await hasYosys()
if (!present) console.log('skipped: @yowasp/yosys is not installed')

const designs = [
  { slots: 16 },
  { slots: 8, accelerators: 3, format: 'int20' },
  { slots: 8, policy: 'fs', accelerators: 2 },
  { slots: 4, policy: 'edf' },
  { slots: 8, policy: 'fcfs' },
  { slots: 4, policy: 'sjf' },
] as const

describe.skipIf(!present)(
  'the netlist of the RTL takes the decisions of the model, bit for bit',
  () => {
    test.each(designs)('%o', async (given) => {
      const options = hardwareOptions(given)
      const netlist = await wordLevelNetlist(integerModules(options), 'heddle_scheduler')
      let decisions = 0
      for (let seed = 1; seed <= 3; seed++) {
        const core = new NetlistEvaluator(netlist, 'heddle_scheduler')
        const run = randomRun(options, 120, seed)
        expect(
          playOperations(core, options, run.operations).problem,
          `seed ${seed}`,
        ).toBeUndefined()
        decisions += run.decisions
      }
      expect(decisions).toBeGreaterThan(350)
    })
  },
)
