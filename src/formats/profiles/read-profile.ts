import { InputError, type Diagnostic } from '../../base/index.js'
import {
  provenances,
  type LayerFacts,
  type LayerMeasurement,
  type NetworkProfile,
  type Provenance,
} from '../../model/index.js'
import { channelMacsColumn, profileColumns } from './write-profile.js'

/**
 * Reads what {@link writeProfile} wrote.
 * @throws InputError naming every line that is wrong, and a missing sample or layer
 */
export function readProfile(text: string, file: string): NetworkProfile {
  const problems: Diagnostic[] = []
  const report = (code: string, line: number, message: string): void => {
    if (problems.length < 20) problems.push({ code, at: { file, line }, message })
  }
  const remarks = new Map<string, string>()
  const facts: LayerFacts[] = []
  const samples: { dataset: string; layers: LayerMeasurement[] }[] = []
  let header: string[] | undefined
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim()
    const number = index + 1
    if (line === '') return
    const remark = /^#\s*([\w-]+)\s*:\s*(.*)$/.exec(line)
    if (remark?.[1].startsWith('layer-')) {
      const layer = readFacts(remark[2])
      if (layer === undefined)
        report('E-PRO-001', number, `this does not describe a layer: ${remark[2]}`)
      else facts.push(layer)
      return
    }
    if (remark) remarks.set(remark[1], remark[2])
    if (line.startsWith('#')) return
    const cells = line.split(',')
    if (header === undefined) {
      header = cells
      const missing = profileColumns.filter((name) => !cells.includes(name))
      if (missing.length > 0) report('E-PRO-002', number, `missing columns: ${missing.join(', ')}`)
      return
    }
    const names = header
    const value = (name: (typeof profileColumns)[number] | typeof channelMacsColumn): number => {
      const cell = cells[names.indexOf(name)]
      const result = cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell)
      if (!Number.isFinite(result) || result < 0) {
        report('E-PRO-003', number, `"${name}" is "${cell ?? ''}", expected a number ≥ 0`)
      }
      return result
    }
    const sample = value('sample')
    const layer = value('layer')
    if (sample === samples.length) {
      samples.push({ dataset: cells[names.indexOf('dataset')] ?? '', layers: [] })
    }
    if (sample !== samples.length - 1 || layer !== samples[samples.length - 1]?.layers.length) {
      report('E-PRO-004', number, `sample ${sample}, layer ${layer} is out of order or doubled`)
      return
    }
    samples[sample].layers.push({
      latencyS: value('latency_s'),
      sparsity: value('sparsity'),
      inputZeros: value('input_zeros'),
      outputZeros: value('output_zeros'),
      validMacs: value('valid_macs'),
      denseMacs: value('dense_macs'),
      // Absent, or empty for layers without zero weights.
      ...(cells[names.indexOf(channelMacsColumn)]
        ? { channelPrunedMacs: value(channelMacsColumn) }
        : {}),
      cycles: value('cycles'),
    })
  })
  const provenance = provenances.find((each) => each === remarks.get('provenance'))
  if (provenance === undefined) {
    report('E-PRO-005', 1, `no "# provenance:" line with one of ${provenances.join(', ')}`)
  }
  samples.forEach((sample, i) => {
    if (sample.layers.length !== facts.length) {
      report('E-PRO-006', 1, `sample ${i} has ${sample.layers.length} layers of ${facts.length}`)
    }
  })
  if (samples.length === 0) report('E-PRO-007', 1, 'there are no samples')
  if (problems.length > 0) throw new InputError(problems)
  const name = remarks.get('name') ?? file
  return {
    kind: 'network-profile',
    name,
    network: remarks.get('network') ?? name,
    provenance: provenance as Provenance,
    accelerator: remarks.get('accelerator') ?? 'unknown',
    generator: remarks.get('generator') ?? 'unknown',
    layers: facts,
    samples,
  }
}

function readFacts(text: string): LayerFacts | undefined {
  const [name, operator, shape, macs, weights, zeros] = text.split('; ')
  if (weights === undefined) return undefined
  const pruned = /^weight zeros (\S+) (\S+)$/.exec(zeros ?? '')
  return {
    name,
    operator: operator as LayerFacts['operator'],
    shape,
    denseMacs: Number(macs.split(' ')[0]),
    weights: Number(weights.split(' ')[0]),
    ...(pruned ? { weightZeros: Number(pruned[1]), weightPattern: pruned[2] } : {}),
  }
}
