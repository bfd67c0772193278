/** Number of single-character edits (insert, delete, replace, swap of neighbours) between two words. */
function editDistance(a: string, b: string): number {
  const width = b.length + 1
  const d = new Uint16Array((a.length + 1) * width)
  for (let i = 0; i <= a.length; i++) d[i * width] = i
  for (let j = 0; j <= b.length; j++) d[j] = j
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replace = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(
        d[(i - 1) * width + j] + 1,
        d[i * width + j - 1] + 1,
        d[(i - 1) * width + j - 1] + replace,
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, d[(i - 2) * width + j - 2] + 1)
      }
      d[i * width + j] = best
    }
  }
  return d[a.length * width + b.length]
}

/** The candidate closest to `word`, ignoring case, or undefined when none is close enough to be a likely typing error. */
export function nearestName(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** More names than this are not listed. */
const MOST_LISTED = 16

/** `did you mean "x"?` when a candidate is near, else the list of what is valid (shortened when long). */
export function suggestName(word: string, candidates: Iterable<string>): string {
  const all = [...candidates]
  const near = nearestName(word, all)
  if (near !== undefined) return `did you mean "${near}"?`
  if (all.length === 0) return 'there is nothing to choose from'
  const shown = all.slice(0, MOST_LISTED).join(', ')
  return `expected one of: ${shown}${all.length > MOST_LISTED ? ', …' : ''}`
}
