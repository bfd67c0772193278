import {
  areaPerModule,
  routeIce40,
  synthesize,
  type ModuleArea,
  type RoutedResult,
  type SynthesisResult,
  type SynthesisTarget,
} from '../../toolchains/index.js'

/** One run of a hardware tool; they take 10 s to minutes, so each has a worker thread. */
export type RtlToolJob =
  | {
      readonly kind: 'synthesize' | 'modules'
      readonly files: Readonly<Record<string, string>>
      readonly top: string
      readonly target: SynthesisTarget
    }
  | { readonly kind: 'route'; readonly netlist: string; readonly seed: number }

export type RtlToolResult = SynthesisResult | readonly ModuleArea[] | RoutedResult

export function run(job: RtlToolJob): Promise<RtlToolResult> {
  switch (job.kind) {
    case 'synthesize':
      return synthesize(job.files, job.top, job.target)
    case 'modules':
      return areaPerModule(job.files, job.top, job.target)
    case 'route':
      return routeIce40(job.netlist, job.seed)
  }
}
