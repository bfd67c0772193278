import { InputError } from '../../base/index.js'
import { commaList, numberList, wholeNumber } from '../options.js'
import { checkServeOptions } from '../serve/options.js'
import { runCase } from '../serve/run-case.js'
import type { Verb } from '../verb.js'

/** `heddle serve` */
export const serve: Verb = {
  configure(command) {
    command
      .option('--case <file>', 'explicit requests and traces of one case file (JSON)')
      .option('--policy <names>', 'policies by name, or all', commaList)
      .option('--predictor <name>', 'instead of each policy’s own')
      .option('--alpha <a>', 'fairness weight of SDRM3', Number)
      .option('--beta <b>', 'urgency weight of Dysta', Number)
      .option('--seq-len <n>', 'tokens per sequence of attention traces', wholeNumber(1), 512)
      .option('--rate <list>', 'requests per second', numberList)
      .option('--as-published', 'reproduce the published simulator', false)
      .option('--conventions <name>', 'standard, published or clock', 'standard')
  },
  async run(session, raw) {
    const options = checkServeOptions(raw)
    if (options.case !== undefined) return runCase(session, options)
    throw new InputError({
      code: 'E-SRV-002',
      message: 'nothing to serve',
      hint: 'give --case FILE',
    })
  },
}
