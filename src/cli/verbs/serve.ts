import {
  collect,
  commaList,
  distinct,
  numberAbove,
  numberList,
  positiveList,
  seedList,
  wholeNumber,
} from '../options.js'
import { checkServeOptions } from '../serve/options.js'
import { runCase } from '../serve/run-case.js'
import { runStreams } from '../serve/run-streams.js'
import type { Verb } from '../verb.js'

/** `heddle serve` */
export const serve: Verb = {
  configure(command) {
    command
      .option('--traces <dir>', 'folder of traces, files joined by commas, or a preset')
      .option(
        '--stream <file>',
        'requests of a CSV file (arrival_s, trace, sample, priority, …), or a whole experiment (YAML, kind: serving)',
      )
      .option('--arrivals <process>', 'poisson, periodic or bursts; default poisson')
      .option('--rate <list>', 'requests per second', distinct(positiveList))
      .option('--requests <n>', 'requests per stream; default 1000', wholeNumber(1, 10_000_000))
      .option(
        '--seeds <list>',
        'one stream per seed, e.g. 1..5; default: --seed',
        distinct(seedList),
      )
      .option(
        '--slo-multiplier <list>',
        'SLO over isolated latency; default 10',
        distinct(positiveList),
      )
      .option(
        '--policy <names>',
        'policies by name, or all (heddle list policies)',
        distinct(commaList),
      )
      .option('--predictor <name>', 'average, last-one, last-n, affine, regression or none')
      .option(
        '--accelerators <k>',
        'equal accelerators with one queue; default 1',
        wholeNumber(1, 1024),
      )
      .option('--speeds <list>', 'one accelerator per relative speed', positiveList)
      .option(
        '--affinity <trace=k,…>',
        'accelerators (from 0) that a trace or network may run on; repeatable',
        collect,
      )
      .option(
        '--save-ms <t>',
        'cost of leaving a request unfinished; default 0',
        numberAbove(-1e-12),
      )
      .option('--restore-ms <t>', 'cost of resuming it; default 0', numberAbove(-1e-12))
      .option('--admission <rule>', 'all (default), or feasible: turn away what must be late')
      .option(
        '--jitter <p>',
        'periodic arrivals: jitter in periods, 0 (default) … 1',
        numberAbove(-1e-12),
      )
      .option(
        '--burst <list>',
        'bursts: peak over mean, share of time, length in s; default 3,0.2,5',
        numberList,
      )
      .option('--alpha <a>', 'fairness weight of SDRM3 (published: 1)', numberAbove(-1e-12))
      .option('--beta <b>', 'urgency weight of Dysta (published: 0.01)', numberAbove(-1e-12))
      .option('--format <f>', 'arithmetic of dysta-hw: int16 or int20', 'int16')
      .option(
        '--seq-len <n>',
        'tokens per sequence of attention traces; default 512',
        wholeNumber(1),
      )
      .option('--requests-out', 'finish times of every request in --json, however many', false)
      .option('--case <file>', 'explicit requests and traces of one case file (JSON)')
      .option('--as-published', 'reproduce the published simulator, faults included', false)
      .option('--conventions <name>', 'standard, published, or clock (repaired clock)', 'standard')
      .addHelpText(
        'after',
        `
Examples:
  heddle serve --traces synthetic-attention --rate 30,40 --seeds 1..5 --out report
  heddle serve --traces synthetic-cnn --rate 3 --policy all --slo-multiplier 10,50
  heddle serve --stream headset.yaml`,
      )
  },
  async run(session, raw) {
    const options = checkServeOptions(raw)
    return options.case === undefined ? runStreams(session, options) : runCase(session, options)
  },
}
