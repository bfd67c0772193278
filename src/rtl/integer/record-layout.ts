import type { HardwareOptions } from '../hardware-options.js'
import { integerWidths, SIGMA_BITS, SIGMA_FRACTION_BITS } from './widths.js'

/** One field of a request's record, least significant first. */
export interface RecordField {
  readonly name: 'sigma' | 'last' | 'deadline' | 'row' | 'tag' | 'first' | 'missed' | 'aged'
  readonly bits: number
  readonly meaning: string
}

/** Fields of the packed record that the policy needs, from bit 0 up. */
export function recordFields(options: HardwareOptions): readonly RecordField[] {
  const w = integerWidths(options)
  const { policy } = options
  const fields: RecordField[] = []
  if (usesDensity(options))
    fields.push({
      name: 'sigma',
      bits: SIGMA_BITS,
      meaning: `sum of density ratios of the executed layers, Q${SIGMA_BITS - SIGMA_FRACTION_BITS}.${SIGMA_FRACTION_BITS}`,
    })
  if (policy === 'dysta' || policy === 'fcfs' || policy === 'fs')
    fields.push({
      name: 'last',
      bits: w.time,
      meaning:
        policy === 'dysta'
          ? 'tick of the last execution (arrival before the first)'
          : policy === 'fcfs'
            ? 'tick of arrival'
            : 'ticks executed so far',
    })
  fields.push(
    { name: 'deadline', bits: w.time, meaning: 'absolute tick' },
    { name: 'row', bits: w.row, meaning: 'table row of the next layer' },
    { name: 'tag', bits: w.position, meaning: 'name that the host gave the request' },
  )
  if (usesDensity(options))
    fields.push({ name: 'first', bits: 1, meaning: 'no layer has been executed' })
  fields.push({ name: 'missed', bits: 1, meaning: 'the deadline has been seen to pass (sticky)' })
  if (usesAge(options))
    fields.push({ name: 'aged', bits: 1, meaning: 'waiting time is beyond its range (sticky)' })
  return fields
}

/** Bits of one record. */
export function recordBits(options: HardwareOptions): number {
  return recordFields(options).reduce((sum, field) => sum + field.bits, 0)
}

/** Whether the policy estimates remaining time from measured densities. */
export function usesDensity(options: HardwareOptions): boolean {
  return options.policy === 'dysta' || options.policy === 'fs' || options.policy === 'sjf'
}

/** Whether the policy looks at how long a request has waited. */
export function usesAge(options: HardwareOptions): boolean {
  return options.policy === 'dysta' || options.policy === 'fcfs'
}
