import { readSchedule } from '../../formats/place/index.js'
import { checkSchedule, type PlaceRequest } from '../../place/index.js'
import { readInput } from '../../presets/index.js'
import { textTable } from '../../report/index.js'
import type { VerbResult } from '../verb.js'

/** `heddle place … --verify SCHEDULE.json`: exit status 2 when the schedule breaks a rule. */
export function verifySchedule(request: PlaceRequest, value: string): VerbResult {
  const { text, file } = readInput(value, 'networks')
  const check = checkSchedule(request, readSchedule(text, file))
  const valid = check.violations.length === 0
  const makespan = Number.isNaN(check.makespanUs) ? null : check.makespanUs
  return {
    json: { valid, makespanUs: makespan, violations: check.violations },
    text: valid
      ? `${file}: valid, makespan ${check.makespanUs} µs`
      : textTable(
          [
            { title: 'rule', align: 'left', cell: (row) => row.rule },
            { title: 'violation', align: 'left', cell: (row) => row.message },
          ],
          check.violations,
        ),
    ...(valid ? {} : { exitStatus: 2 as const }),
  }
}
