/** The first entry that an earlier one equals, or undefined where all differ. */
export function firstRepeated<T>(entries: readonly T[]): T | undefined {
  const seen = new Set<T>()
  for (const entry of entries) {
    if (seen.has(entry)) return entry
    seen.add(entry)
  }
  return undefined
}
