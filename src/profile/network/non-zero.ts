import { InputError } from '../../base/index.js'
import type { Mask } from '../mask.js'
import { sizeOf, type ConstantTensor, type TensorValue } from '../runtime.js'

/** Memory that is used again: gives the first bytes of an array that grows with the largest wish. */
export function scratch(): (size: number) => Mask {
  let bytes = new Uint8Array(0)
  return (size) => {
    if (bytes.length < size) bytes = new Uint8Array(size)
    return bytes.subarray(0, size)
  }
}

/** Mask of elements above `threshold` in magnitude, and the fraction of the others. `mask` must be all zero. */
export function nonZero(
  tensor: TensorValue | ConstantTensor,
  what: string,
  threshold = 0,
  mask: Mask = new Uint8Array(sizeOf(tensor.dims)),
): { readonly mask: Mask; readonly zeros: number } {
  let ones = 0
  const take = (values: TensorValue['data'], start: number): void => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (!Number.isFinite(value)) {
        throw new InputError({
          code: 'E-PRF-001',
          message: `${what}: element ${start + i} is ${value}`,
          hint: 'the network or its input is broken: sparsity of such values means nothing',
        })
      }
      if (value > threshold || value < -threshold) {
        mask[start + i] = 1
        ones++
      }
    }
  }
  if ('data' in tensor) take(tensor.data, 0)
  else tensor.forEachPiece(take)
  return { mask, zeros: mask.length === 0 ? 0 : 1 - ones / mask.length }
}
