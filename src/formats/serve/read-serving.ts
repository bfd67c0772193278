import { suggestName } from '../../base/index.js'
import { parseYaml } from '../parse-yaml.js'
import { ServingProblems, type ParsedServing, type Path } from './serving-problems.js'
import { servingSchema, type ServingFile } from './serving-schema.js'

/**
 * Reads a serving experiment (`kind: serving`) and checks all that needs no other file.
 * @throws InputError with every problem and its position
 */
export function readServing(text: string, file: string): ParsedServing {
  const parsed = parseYaml<ServingFile>(text, file, servingSchema)
  const { streams, seconds, machine } = parsed.value
  const problems = new ServingProblems(parsed)
  const names = streams.map((each) => each.name)
  streams.forEach((each, i) => {
    const path: Path = ['streams', i]
    if (names.indexOf(each.name) !== i)
      problems.add('E-SERV-001', [...path, 'name'], `two streams are named "${each.name}"`)
    if ((each.arrivals === undefined) === (each.after === undefined)) {
      const message = `stream "${each.name}" needs either arrivals or after`
      problems.add('E-SERV-002', path, message, 'give exactly one of the two')
    }
    if (each.after !== undefined && !names.slice(0, i).includes(each.after.stream)) {
      const message = `stream "${each.name}" follows "${each.after.stream}", which is no stream above it`
      const hint = suggestName(each.after.stream, names.slice(0, i))
      problems.add('E-SERV-003', [...path, 'after', 'stream'], message, hint)
    }
    if (each.sloMs !== undefined && each.sloMultiplier !== undefined) {
      const message = `stream "${each.name}" has two SLOs`
      problems.add('E-SERV-004', [...path, 'sloMs'], message, 'give sloMs or sloMultiplier')
    }
    const { arrivals } = each
    if (arrivals === undefined) return
    const drawn = arrivals.process !== 'given' && arrivals.process !== 'replay'
    if (drawn && seconds === undefined && each.requests === undefined) {
      const message = `stream "${each.name}" never ends`
      problems.add('E-SERV-005', path, message, 'give it requests, or the experiment seconds')
    }
    if (arrivals.process === 'bursts' && arrivals.peak * arrivals.share > 1) {
      const product = `peak ${arrivals.peak} × share ${arrivals.share}`
      const message = `bursts of ${product} bring more than all requests: expected a product of at most 1`
      problems.add('E-SERV-006', [...path, 'arrivals', 'peak'], message)
    }
  })
  const processes = streams.map((each) => each.arrivals?.process)
  const scales = parsed.value.load.some((factor) => factor !== 1)
  if (scales && processes.every((p) => p === undefined || p === 'given' || p === 'replay'))
    problems.add('E-SERV-010', ['load'], 'there is no drawn stream whose rate load could change')
  const parts = machine.accelerators.map((each) => each.name)
  parts.forEach((name, i) => {
    if (parts.indexOf(name) !== i) {
      const path = ['machine', 'accelerators', i, 'name']
      problems.add('E-SERV-001', path, `two kinds of accelerator are named "${name}"`)
    }
  })
  problems.raise()
  return parsed
}
