/**
 * Numbers of positions that loop d takes where there is room for so many.
 * @param passes iterations left of every loop
 */
export type FactorChoice = (d: number, room: number, passes: readonly number[]) => readonly number[]

/** Ways to choose factors, from many to few. */
export function factorChoices(): FactorChoice[] {
  const divisors = remembered(divisorsOf)
  const some = remembered((iterations, room) => {
    const largest = divisorsOf(iterations, room).slice(-1)
    return [...new Set([...largest, most(iterations, room)])]
  })
  return [
    (d, room, passes) => {
      const iterations = passes[d]
      const factors = [...divisors(iterations, room)]
      const add = (beside: number): void => {
        const left = Math.floor(room / beside)
        if (left < 2) return
        const factor = most(iterations, left)
        if (!factors.includes(factor)) factors.push(factor)
      }
      add(1)
      for (let other = 0; other < passes.length; other++) if (other !== d) add(passes[other])
      return factors
    },
    (d, room, passes) => some(passes[d], room),
    (d, room, passes) => [most(passes[d], room)],
  ]
}

/** As many positions as a loop needs for the fewest passes. */
function most(iterations: number, room: number): number {
  return Math.ceil(iterations / Math.ceil(iterations / room))
}

/** Divisors of a loop from 2 to `room`. */
function divisorsOf(iterations: number, room: number): number[] {
  const divisors: number[] = []
  for (let n = 2; n <= iterations && n <= room; n++) if (iterations % n === 0) divisors.push(n)
  return divisors
}

function remembered(
  choose: (iterations: number, room: number) => readonly number[],
): (iterations: number, room: number) => readonly number[] {
  const known = new Map<number, readonly number[]>()
  return (iterations, room) => {
    const key = iterations * 2 ** 20 + room
    const before = known.get(key)
    if (before !== undefined) return before
    const fresh = choose(iterations, room)
    known.set(key, fresh)
    return fresh
  }
}
