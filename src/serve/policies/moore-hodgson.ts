/** What became of a request in a triage. */
export const LATE = 0
export const GIVEN_UP = 1
export const KEPT = 2

/**
 * Moore-Hodgson rule (Moore 1968): the largest set of present requests that can all meet their deadlines. Goes by
 * deadline; whenever the set so far overruns, the longest request in it is given up.
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
  for (let j = 0; j < count; j++) {
    const id = order[j]
    if (state[id] !== KEPT) continue
    const ownS = remainingS[id]
    endS += ownS
    let i = size++
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (remainingS[heap[parent]] >= ownS) break
      heap[i] = heap[parent]
      i = parent
    }
    heap[i] = id
    if (endS <= deadlineS[id]) continue
    const longest = heap[0]
    endS -= remainingS[longest]
    state[longest] = GIVEN_UP
    const last = heap[--size]
    const lastS = remainingS[last]
    i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= size) break
      if (child + 1 < size && remainingS[heap[child + 1]] > remainingS[heap[child]]) child++
      if (remainingS[heap[child]] <= lastS) break
      heap[i] = heap[child]
      i = child
    }
    heap[i] = last
  }
}
