import { firstRepeated, InputError, suggestName, type Diagnostic } from '../../base/index.js'
import type { Trace } from '../../model/index.js'
import { acceleratorPool, singleAccelerator, type ServeSystem } from '../../serve/index.js'
import type { ServeOptions } from './options.js'

/**
 * The machine that the options ask for, on top of the one that an experiment file describes.
 * @throws InputError
 */
export function systemOf(
  options: ServeOptions,
  traces: readonly Trace[],
  given: ServeSystem = singleAccelerator,
): ServeSystem {
  const { accelerators, speeds, saveMs, restoreMs } = options
  if (accelerators !== undefined && speeds !== undefined && speeds.length !== accelerators) {
    throw new InputError({
      code: 'E-SRV-007',
      message: `--accelerators ${accelerators} and ${speeds.length} speeds`,
      hint: 'give one speed per accelerator, or --speeds alone',
    })
  }
  const resized = accelerators !== undefined || speeds !== undefined
  const base: ServeSystem = resized
    ? {
        saveS: given.saveS,
        restoreS: given.restoreS,
        admission: given.admission,
        speeds: speeds ?? acceleratorPool(accelerators ?? 1).speeds,
      }
    : given
  const affinity =
    options.affinity === undefined
      ? base.affinity
      : parseAffinity(options.affinity, traces, base.speeds.length)
  return {
    ...base,
    ...(affinity === undefined ? {} : { affinity }),
    ...(saveMs === undefined ? {} : { saveS: saveMs / 1000 }),
    ...(restoreMs === undefined ? {} : { restoreS: restoreMs / 1000 }),
    ...(options.admission === undefined ? {} : { admission: options.admission }),
  }
}

/** `TRACE=K,…` entries as accelerators by trace; a trace that is not named may run on all. */
function parseAffinity(
  entries: readonly string[],
  traces: readonly Trace[],
  count: number,
): readonly (readonly number[])[] {
  const all = Array.from({ length: count }, (_, a) => a)
  const allowed: (readonly number[])[] = traces.map(() => all)
  const problems: Diagnostic[] = []
  const twice = firstRepeated(entries.map((entry) => entry.replace(/=.*$/, '')))
  if (twice !== undefined) {
    problems.push({
      code: 'E-SRV-008',
      message: `--affinity: "${twice}" is given twice`,
      hint: `list its accelerators in one: --affinity ${twice}=0,1`,
    })
  }
  for (const entry of entries) {
    const match = /^(.+)=(\d+(?:,\d+)*)$/.exec(entry)
    if (match === null) {
      const message = `--affinity ${entry}: expected TRACE=K,… with accelerators from 0`
      problems.push({ code: 'E-SRV-008', message })
      continue
    }
    const [, name, list] = match
    const chosen = list.split(',').map(Number)
    const repeated = firstRepeated(chosen)
    if (repeated !== undefined) {
      const message = `--affinity ${entry}: "${repeated}" is given twice`
      problems.push({ code: 'E-SRV-008', message })
    }
    const known = [...new Set(traces.flatMap((t) => [t.name, t.network ?? t.name]))]
    if (!known.includes(name)) {
      const message = `--affinity ${entry}: there is no trace or network "${name}"`
      problems.push({ code: 'E-SRV-008', message, hint: suggestName(name, known) })
    }
    const outside = chosen.find((a) => a >= count)
    if (outside !== undefined) {
      const message = `--affinity ${entry}: there is no accelerator ${outside}, expected 0 … ${count - 1}`
      problems.push({ code: 'E-SRV-008', message })
    }
    traces.forEach((trace, t) => {
      if (trace.name === name || trace.network === name) allowed[t] = chosen
    })
  }
  if (problems.length > 0) throw new InputError(problems)
  return allowed
}
