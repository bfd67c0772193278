import { InputError } from '../../base/index.js'
import type { Design } from '../../rtl/index.js'
import type { RoutingReport, SynthesisReport } from '../../report/rtl/index.js'
import type {
  ModuleArea,
  RoutedResult,
  SynthesisResult,
  SynthesisTarget,
} from '../../toolchains/index.js'
import type { RtlToolJob, RtlToolResult } from '../jobs/rtl-tool.js'
import type { Session } from '../session.js'

export interface ToolReports {
  readonly synthesis: readonly SynthesisReport[]
  readonly routing?: RoutingReport
}

/**
 * Synthesises for the wanted families, whole and module by module, and routes for iCE40 when asked.
 * @throws InputError when an optional package is missing
 */
export async function runTools(
  session: Session,
  design: Design,
  targets: readonly SynthesisTarget[],
  route: boolean,
): Promise<ToolReports> {
  const files = Object.fromEntries(design.modules)
  const needsIce40 = route && !targets.includes('ice40')
  const jobs: RtlToolJob[] = [...targets, ...(needsIce40 ? (['ice40'] as const) : [])].map(
    (target) => ({ kind: 'synthesize', files, top: design.top, target }),
  )
  jobs.push(
    ...targets.map((target): RtlToolJob => ({ kind: 'modules', files, top: design.top, target })),
  )
  const results = await work(session, jobs, 'synthesis')
  const whole = results.slice(0, jobs.length - targets.length) as SynthesisResult[]
  const modules = results.slice(jobs.length - targets.length) as (readonly ModuleArea[])[]
  const synthesis = targets.map((target, i): SynthesisReport => {
    const { netlist: _netlist, ...area } = whole[i]
    return { ...area, target, modules: modules[i] }
  })
  if (!route) return { synthesis }
  const netlist = whole.find((result) => result.target === 'ice40')?.netlist ?? ''
  const job: RtlToolJob = { kind: 'route', netlist, seed: session.shared.seed }
  const [routing] = await work(session, [job], 'place and route')
  return { synthesis, routing: routing as RoutedResult }
}

async function work(
  session: Session,
  jobs: readonly RtlToolJob[],
  what: string,
): Promise<RtlToolResult[]> {
  let done = 0
  const show = (): void =>
    session.progress(`${what}: ${done} of ${jobs.length}`, done / jobs.length)
  show()
  try {
    return await session.runJobs<RtlToolJob, RtlToolResult>('rtl-tool', jobs, {
      useless: `${what} was not finished; nothing was written`,
      onDone: () => {
        done++
        show()
      },
    })
  } catch (error) {
    const { message } = error as Error
    const missing = /(\S+) is not installed: (npm install \S+)/.exec(message)
    if (missing === null) throw error
    throw new InputError({
      code: 'E-RTL-003',
      message: `${what} needs the optional package ${missing[1]}`,
      hint: missing[2],
    })
  }
}
