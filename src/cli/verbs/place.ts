import { InfeasibleError, InputError, suggestName } from '../../base/index.js'
import {
  checkSchedule,
  compileProblem,
  policies,
  steadyState,
  summarize,
  type Placement,
  type PlaceRequest,
} from '../../place/index.js'
import { placeFiles, placeText, type PlaceReport } from '../../report/place/index.js'
import type { PlaceJob } from '../jobs/place.js'
import { addImportOptions } from '../network-input.js'
import { collect, numberAbove, wholeNumber } from '../options.js'
import { buildRequest, type RequestOptions } from '../place/build-request.js'
import { plainRequest } from '../place/plain-request.js'
import { verifySchedule } from '../place/verify.js'
import type { Session } from '../session.js'
import type { Verb } from '../verb.js'

interface PlaceOptions extends RequestOptions {
  readonly policy: string
  readonly timeLimit?: number
  readonly verify?: string
}

/** `heddle place` */
export const place: Verb = {
  configure(command) {
    command
      .requiredOption(
        '--network <name|file>',
        'network preset, operation graph, task-graph or model file; repeat for several at once',
        collect,
      )
      .option('--soc <name|file>', 'chip; files that bring their own processors need none')
      .option('--times <file>', 'table of execution times (CSV) for a network without')
      .option('--npus <n>', 'number of NPUs instead of the chip’s', wholeNumber(0, 4096))
      .option('--cpus <n>', 'number of CPUs instead of the chip’s', wholeNumber(0, 4096))
      .option('--batch <n>', 'inputs per network', wholeNumber(1, 100_000), 1)
      .option('--period <us>', 'distance between the arrivals of inputs', numberAbove(0))
      .option('--deadline <us>', 'time allowed per input', numberAbove(0))
      .option('--policy <name>', `one of: ${Object.keys(policies).join(', ')}`, 'auto')
      .option('--clock <us>', 'start operations on ticks of this length only', numberAbove(0))
      .option('--time-limit <s>', 'stop searching after so many seconds', numberAbove(0))
      .option('--as-published', 'the published semantics: a clock of 100 µs', false)
      .option('--verify <file>', 'check this schedule (JSON) instead of making one')
    addImportOptions(command)
    command.addHelpText(
      'after',
      `
Examples:
  heddle place --network xception --soc grai --npus 4 --cpus 2 --batch 16 --out report
  heddle place --network graph.stg --cpus 4 --policy heft
  heddle place --network xception --soc grai --batch 16 --verify report/schedule.json`,
    )
  },
  async run(session, raw) {
    const options = raw as unknown as PlaceOptions
    const policy = options.policy === 'npufirst' ? 'npu-first' : options.policy
    if (!(policy in policies)) {
      throw new InputError({
        code: 'E-PLC-003',
        message: `there is no policy named "${policy}"`,
        hint: suggestName(policy, Object.keys(policies)),
      })
    }
    const request = buildRequest(options)
    if (options.verify !== undefined) return verifySchedule(request, options.verify)
    compileProblem(request)
    const started = performance.now()
    const placement = await search(session, policy, request, options.timeLimit)
    const seconds = (performance.now() - started) / 1000
    proofread(request, placement)
    const report = reportOf(session, policy, request, placement, seconds)
    return { json: documentOf(report), text: placeText(report), files: () => placeFiles(report) }
  },
}

async function search(
  session: Session,
  policy: string,
  request: PlaceRequest,
  timeLimitS: number | undefined,
): Promise<Placement> {
  const [placement] = await session.runJobs<PlaceJob, Placement>(
    'place',
    [{ policy, request: plainRequest(request) }],
    {
      ...(timeLimitS === undefined ? {} : { timeLimitS }),
      onProgress: (_job, progress) => session.progress(progress.message, progress.fraction),
    },
  )
  return placement
}

/** No schedule leaves the program unchecked. */
function proofread(request: PlaceRequest, placement: Placement): void {
  const { violations } = checkSchedule(request, placement.schedule)
  if (violations.length === 0) return
  throw new Error(
    `the schedule of ${placement.method} breaks a rule: ${violations[0].rule}: ${violations[0].message}`,
  )
}

function reportOf(
  session: Session,
  policy: string,
  request: PlaceRequest,
  placement: Placement,
  seconds: number,
): PlaceReport {
  const problem = compileProblem(request)
  const single = compileProblem({
    ...request,
    applications: request.applications.map(({ graph }) => ({ graph, inputs: 1 })),
  })
  return {
    title: request.applications.map(({ graph }) => graph.name).join(' + '),
    policy,
    problem,
    placement,
    summary: summarize(problem, placement.schedule),
    steady: steadyState(single),
    seconds,
    commandLine: session.commandLine,
  }
}

function documentOf(report: PlaceReport): unknown {
  const { placement, problem, summary, steady } = report
  const inputs = problem.request.applications.reduce((sum, app) => sum + app.inputs, 0)
  if (inputs === 0) throw new InfeasibleError({ code: 'E-PLC-004', message: 'nothing to place' })
  const { makespanUs, lowerBoundUs } = placement
  return {
    makespanUs,
    lowerBoundUs,
    gap: lowerBoundUs > 0 ? makespanUs / lowerBoundUs - 1 : 0,
    status: placement.status,
    perBatchUs: makespanUs / inputs,
    schedule: {
      startUs: placement.schedule.startUs,
      endUs: placement.schedule.endUs,
      core: placement.schedule.core,
      coreId: placement.schedule.coreId,
      ...(placement.schedule.transfers === undefined
        ? {}
        : { transfers: placement.schedule.transfers }),
    },
    throughput: {
      periodUs: steady.periodUs,
      boundUs: steady.boundUs,
      inFlight: steady.inFlight,
      responseUs: steady.responseUs,
    },
    evaluations: placement.evaluations,
    seconds: report.seconds,
    policy: report.policy,
    method: placement.method,
    bounds: placement.bounds,
    cores: summary.cores,
    missedDeadlines: summary.missedDeadlines,
    ...(summary.energyUj === undefined ? {} : { energyUj: summary.energyUj }),
    ...(placement.accepted === undefined ? {} : { accepted: placement.accepted }),
  }
}
