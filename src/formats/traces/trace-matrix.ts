import { InputError, type Diagnostic } from '../../base/index.js'
import { createTrace, type Trace } from '../../model/index.js'

/** Rows of a trace in file order, whatever the file's form. */
export interface TraceRows {
  readonly sample: ArrayLike<number>
  readonly layer: ArrayLike<number>
  readonly latencyS: ArrayLike<number>
  readonly sparsity: ArrayLike<number>
  /** Line of a row in its file, when it has lines. */
  readonly line?: ArrayLike<number>
}

const MAX_PROBLEMS = 20

/**
 * A trace from its rows, in any order.
 * @throws InputError naming every missing or doubled (sample, layer), and every latency or sparsity out of range
 */
export function traceFromRows(
  rows: TraceRows,
  file: string,
  identity: Pick<Trace, 'name' | 'network'>,
): Trace {
  const problems: Diagnostic[] = []
  const at = (row: number): Diagnostic['at'] =>
    rows.line ? { file, line: rows.line[row] } : { file }
  const report = (code: string, where: Diagnostic['at'], message: string, hint?: string): void => {
    if (problems.length >= MAX_PROBLEMS || where === undefined) return
    problems.push({ code, at: where, message, ...(hint === undefined ? {} : { hint }) })
  }
  const count = rows.sample.length
  let samples = 0
  let layers = 0
  for (let r = 0; r < count; r++) {
    const sample = rows.sample[r]
    const layer = rows.layer[r]
    for (const [name, value] of [
      ['sample', sample],
      ['layer', layer],
    ] as const) {
      if (!Number.isInteger(value) || value < 0 || value > 1e7)
        report('E-TRC-005', at(r), `${name} is ${value}, expected a whole number ≥ 0`)
    }
    if (!(rows.latencyS[r] >= 0 && rows.latencyS[r] < Infinity)) {
      report(
        'E-TRC-006',
        at(r),
        `sample ${sample}, layer ${layer}: latency is ${rows.latencyS[r]} s, expected 0 or more`,
      )
    }
    if (!(rows.sparsity[r] >= 0 && rows.sparsity[r] <= 1)) {
      report(
        'E-TRC-007',
        at(r),
        `sample ${sample}, layer ${layer}: sparsity is ${rows.sparsity[r]}, expected 0 … 1`,
      )
    }
    samples = Math.max(samples, sample + 1)
    layers = Math.max(layers, layer + 1)
  }
  if (problems.length > 0) throw new InputError(problems)
  if (samples * layers > 16 * count + 1024) {
    throw new InputError({
      code: 'E-TRC-008',
      at: { file },
      message: `${count} rows cannot hold ${samples} samples × ${layers} layers`,
      hint: 'samples and layers count from 0 without holes',
    })
  }
  const latencyS = new Float64Array(samples * layers).fill(Number.NaN)
  const sparsity = new Float64Array(samples * layers)
  const seen = new Uint8Array(samples)
  const order: number[] = []
  for (let r = 0; r < count; r++) {
    const sample = rows.sample[r]
    const cell = sample * layers + rows.layer[r]
    if (!Number.isNaN(latencyS[cell]))
      report('E-TRC-009', at(r), `sample ${sample}, layer ${rows.layer[r]} is given twice`)
    latencyS[cell] = rows.latencyS[r]
    sparsity[cell] = rows.sparsity[r]
    if (seen[sample] === 0) {
      seen[sample] = 1
      order.push(sample)
    }
  }
  for (let cell = 0; cell < latencyS.length; cell++) {
    if (!Number.isNaN(latencyS[cell])) continue
    report(
      'E-TRC-010',
      { file },
      `sample ${Math.floor(cell / layers)}, layer ${cell % layers} is missing`,
      `every sample 0 … ${samples - 1} must have all ${layers} layers`,
    )
  }
  if (problems.length > 0) throw new InputError(problems)
  const ascending = order.every((sample, i) => sample === i)
  return createTrace({
    name: identity.name,
    ...(identity.network === undefined ? {} : { network: identity.network }),
    sampleCount: samples,
    layerCount: layers,
    latencyS,
    sparsity,
    ...(ascending ? {} : { sampleOrder: Int32Array.from(order) }),
  })
}
