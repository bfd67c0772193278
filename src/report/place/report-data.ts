import type { Placement, PlaceProblem, ScheduleSummary, SteadyState } from '../../place/index.js'

/** All that the report of one placement shows. */
export interface PlaceReport {
  readonly title: string
  readonly policy: string
  readonly problem: PlaceProblem
  readonly placement: Placement
  readonly summary: ScheduleSummary
  readonly steady: SteadyState
  readonly seconds: number
  readonly commandLine: string
}
