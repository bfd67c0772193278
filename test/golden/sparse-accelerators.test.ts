import { describe, expect, test } from 'vitest'
import { InfeasibleError } from '../../src/base/index.js'
import {
  countOnes,
  hashMask,
  loadBalance,
  mix32,
  scoreStatistics,
  weightTaps,
  type Mask,
  type MaskPattern,
} from '../../src/profile/index.js'
import {
  evaluateEyeriss,
  sameLayer,
  sangerLatencyS,
  sangerSimpleLatencyS,
} from '../../src/profile/published/index.js'
import { goldenJson } from './golden-data.js'

type MaskSpecification =
  | { kind: 'ones' | 'zeros' }
  | { kind: 'bits'; hex: string }
  | { kind: 'hash'; pattern: MaskPattern; sparsity: number; seed: number }

interface EyerissCase {
  name: string
  layer_type: 'CONV' | 'FC'
  group: number
  iact_shape: number[]
  weight_shape: number[]
  iact: MaskSpecification
  weight: MaskSpecification
  expected: {
    iact_nonzeros: number
    weight_nonzeros: number
    error?: string
    cycles_ref_f32?: number
    mapping?: Record<string, number>
    valid_mac?: number
    nonzero_windows?: number
    act_check?: number
    weight_check?: number
    cycles_exact?: number
    iact_sparsity?: number
  }
}

interface ExactBalance {
  vectors: number
  empty: number
  segments: number
  nonzeros: number
  util_skip: number
  util_noskip_corrected: number
  util_noskip_reference: number
}

interface SangerCases {
  latency: {
    density: number
    load_balance: number
    seq_len: number
    latency_simple_s: number
    latency_detailed_s: number
  }[]
  load_balance: {
    pattern: 'random' | 'band' | 'mixed'
    heads: number
    seq_len: number
    valid_len: number
    density: number
    seed: number
    expected: Record<'pes32_noskip' | 'pes32_skip' | 'pes16_noskip' | 'pes16_skip', number> & {
      overall_density: number
      exact_pes32: ExactBalance
      exact_pes16: ExactBalance
    }
  }[]
}

const eyeriss = goldenJson<{ cases: EyerissCase[] }>('sparse-accelerators', 'eyeriss_layers.json')
const sanger = goldenJson<SangerCases>('sparse-accelerators', 'sanger.json')

function maskOf(specification: MaskSpecification, dims: readonly number[]): Mask {
  const size = dims.reduce((product, dim) => product * dim, 1)
  switch (specification.kind) {
    case 'ones':
      return new Uint8Array(size).fill(1)
    case 'zeros':
      return new Uint8Array(size)
    case 'bits': {
      const bytes = Buffer.from(specification.hex, 'hex')
      return Uint8Array.from({ length: size }, (_, i) => (bytes[i >> 3] >> (7 - (i & 7))) & 1)
    }
    case 'hash':
      return hashMask(dims, specification.pattern, specification.sparsity, specification.seed)
  }
}

describe('sparse-accelerators', () => {
  test('Eyeriss-V2 layers', ({ skip }) => {
    if (eyeriss === undefined) return skip('eyeriss_layers.json is not in this folder')
    for (const each of eyeriss.cases) {
      const { name, expected } = each
      const [, channels, height = 1, width = 1] = each.iact_shape
      const [filters, , kernelHeight = 1, kernelWidth = 1] = each.weight_shape
      const shape = {
        name,
        channels,
        height,
        width,
        filters,
        groups: each.group,
        kernelHeight,
        kernelWidth,
      }
      const input = maskOf(each.iact, each.iact_shape)
      const weights = maskOf(each.weight, each.weight_shape)
      expect(countOnes(input), name).toBe(expected.iact_nonzeros)
      expect(countOnes(weights), name).toBe(expected.weight_nonzeros)
      const evaluate = (): ReturnType<typeof evaluateEyeriss> =>
        evaluateEyeriss(shape, input, weightTaps(sameLayer(shape), weights))
      if (expected.error !== undefined) {
        expect(evaluate, name).toThrow(InfeasibleError)
        continue
      }
      const result = evaluate()
      expect(result.mapping, name).toEqual(expected.mapping)
      expect(result.validMacs, name).toBe(expected.valid_mac)
      expect(result.nonEmptyWindows, name).toBe(expected.nonzero_windows)
      expect(result.activationReads, name).toBe(expected.act_check)
      expect(result.weightReads, name).toBe(expected.weight_check)
      expect(result.cycles, name).toBe(expected.cycles_exact)
      const reference = expected.cycles_ref_f32 ?? Number.NaN
      const tolerance = Math.max(2, 1e-5 * reference)
      expect(Math.abs(result.cycles - reference), name).toBeLessThanOrEqual(tolerance)
      if (expected.iact_sparsity !== undefined) {
        expectClose(1 - countOnes(input) / input.length, expected.iact_sparsity, 1e-6, name)
      }
    }
  })

  test('Sanger latencies', ({ skip }) => {
    if (sanger === undefined) return skip('sanger.json is not in this folder')
    for (const each of sanger.latency) {
      const { density, load_balance: balance, seq_len: length } = each
      const label = JSON.stringify(each)
      expectClose(sangerLatencyS(density, balance, length), each.latency_detailed_s, 1e-12, label)
      expectClose(
        sangerSimpleLatencyS(density, balance, length),
        each.latency_simple_s,
        1e-12,
        label,
      )
    }
  })

  test('Sanger load balance', ({ skip }) => {
    if (sanger === undefined) return skip('sanger.json is not in this folder')
    for (const each of sanger.load_balance) {
      const label = JSON.stringify({ ...each, expected: undefined })
      const { mask, allowed } = attentionMasks(each)
      const scores = scoreStatistics(each.heads, each.seq_len, each.seq_len, mask, allowed)
      const { expected } = each
      for (const elements of [16, 32] as const) {
        const balance = loadBalance(scores, elements)
        const exact = expected[`exact_pes${elements}`]
        expect(balance.vectors, label).toBe(exact.vectors)
        expect(balance.emptyVectors, label).toBe(exact.empty)
        expect(balance.segments, label).toBe(exact.segments)
        expect(balance.survivors, label).toBe(exact.nonzeros)
        expectClose(balance.skipping, exact.util_skip, 1e-12, label)
        expectClose(balance.notSkipping, exact.util_noskip_corrected, 1e-12, label)
        expectClose(balance.notSkippingPublished, exact.util_noskip_reference, 1e-12, label)
        expectClose(balance.skipping, expected[`pes${elements}_skip`], 1e-5, label)
        expectClose(balance.notSkippingPublished, expected[`pes${elements}_noskip`], 1e-5, label)
        expectClose(balance.density, expected.overall_density, 1e-5, label)
      }
    }
  })
})

/** Generated survivor and padding masks, as the data describe them. */
function attentionMasks(each: SangerCases['load_balance'][number]): { mask: Mask; allowed: Mask } {
  const { heads, seq_len: length, density } = each
  const threshold = Math.floor(density * 2 ** 32)
  const band = Math.max(1, Math.floor((density * length) / 2))
  const mask = new Uint8Array(heads * length * length)
  const allowed = new Uint8Array(mask.length)
  for (let i = 0; i < mask.length; i++) {
    const c = i % length
    const r = Math.floor(i / length) % length
    const random = mix32((Math.imul(i, 0x9e3779b9) + each.seed) | 0) < threshold
    const keep =
      each.pattern === 'band'
        ? Math.abs(r - c) <= band
        : random || (each.pattern === 'mixed' && (c < 4 || r === c))
    mask[i] = keep ? 1 : 0
    allowed[i] = r < each.valid_len && c < each.valid_len ? 1 : 0
  }
  return { mask, allowed }
}

function expectClose(actual: number, expected: number, relative: number, label: string): void {
  const bound = relative * Math.max(Math.abs(expected), Number.MIN_VALUE)
  expect(Math.abs(actual - expected), `${label}: ${actual} for ${expected}`).toBeLessThanOrEqual(
    bound,
  )
}
