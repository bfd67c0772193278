/** What became of a request in a triage. */
export const LATE = 0
export const GIVEN_UP = 1
export const KEPT = 2

/**
 * Moore-Hodgson rule (Moore 1968): the largest set of present requests that can all meet their deadlines. Goes by
 * deadline; whenever the set so far overruns, the longest request in it is given up (of equally long ones the one due last).
 * @param order candidates by deadline
 * @param state in: {@link KEPT} for candidates, anything else is passed over; out: given up ones are {@link GIVEN_UP}
 * @param heap scratch, at least `count` long
 */
export function mooreHodgson(
  order: Int32Array,
  count: number,
  remainingS: Float64Array,
  deadlineS: Float64Array,
  nowS: number,
  state: Uint8Array,
  heap: Int32Array,
): void {
  let size = 0
  let endS = nowS
  // The heap holds places in `order`, longest on top, the later of equally long ones first.
  const before = (a: number, b: number): boolean => {
    const aS = remainingS[order[a]]
    const bS = remainingS[order[b]]
    return aS > bS || (aS === bS && a > b)
  }
  for (let j = 0; j < count; j++) {
    const id = order[j]
    if (state[id] !== KEPT) continue
    endS += remainingS[id]
    let i = size++
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (before(heap[parent], j)) break
      heap[i] = heap[parent]
      i = parent
    }
    heap[i] = j
    if (endS <= deadlineS[id]) continue
    const longest = order[heap[0]]
    endS -= remainingS[longest]
    state[longest] = GIVEN_UP
    const last = heap[--size]
    i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= size) break
      if (child + 1 < size && before(heap[child + 1], heap[child])) child++
      if (!before(heap[child], last)) break
      heap[i] = heap[child]
      i = child
    }
    heap[i] = last
  }
}
