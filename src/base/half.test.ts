import { expect, test } from 'vitest'
import { halfToNumber, numberToHalf } from './half.js'

test('every half-precision number is read and written as itself', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const x = halfToNumber(bits)
    if (Number.isNaN(x)) expect(numberToHalf(x)).toBe(0x7e00)
    else if (numberToHalf(x) !== bits) expect(numberToHalf(x), `${x}`).toBe(bits)
  }
})

test('numbers between two halves go to the nearer, ties to the even one', () => {
  // Between 1 and 2 halves are 1/1024 apart, below 2⁻¹⁴ they are 2⁻²⁴ apart.
  expect(halfToNumber(numberToHalf(1 + 0.4 / 1024))).toBe(1)
  expect(halfToNumber(numberToHalf(1 + 0.5 / 1024))).toBe(1)
  expect(halfToNumber(numberToHalf(1 + 1.5 / 1024))).toBe(1 + 2 / 1024)
  expect(halfToNumber(numberToHalf(2 ** -24 * 2.6))).toBe(2 ** -24 * 3)
  expect(halfToNumber(numberToHalf(2 - 2 ** -13))).toBe(2)
  expect(numberToHalf(65519)).toBe(0x7bff)
  expect(numberToHalf(65520)).toBe(0x7c00)
  expect(numberToHalf(-1e9)).toBe(0xfc00)
  expect(numberToHalf(0)).toBe(0)
})
