/** A number for people: up to `digits` significant digits, thousands grouped, exponent form only far outside 1e-4…1e15. */
export function formatNumber(value: number, digits = 5): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return '0'
  const magnitude = Math.abs(value)
  if (magnitude >= 1e15 || magnitude < 1e-4) return value.toExponential(digits - 1)
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)))
  const fixed = value.toFixed(Number.isInteger(value) ? 0 : Math.min(decimals, 12))
  const [whole, fraction] = fixed.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ' ')
  const trimmed = fraction?.replace(/0+$/, '')
  return trimmed ? `${grouped}.${trimmed}` : grouped
}

/** 0.1234 → `12.3 %`. */
export function formatPercent(ratio: number, decimals = 1): string {
  return `${(100 * ratio).toFixed(decimals)} %`
}

const STEPS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
  [1e-12, 'p'],
] as const

/** A quantity in its base unit with an SI prefix: `formatSi(4.4e-4, 'J')` is `440 µJ`. */
export function formatSi(value: number, unit: string, digits = 4): string {
  if (value === 0 || !Number.isFinite(value)) return `${value} ${unit}`
  const magnitude = Math.abs(value)
  const [factor, prefix] = STEPS.find(([step]) => magnitude >= step) ?? STEPS[STEPS.length - 1]
  return `${formatNumber(value / factor, digits)} ${prefix}${unit}`
}
