import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReadyList } from './ready-list.js'

/** The rule itself: the first place of highest key; the last task moves into the gap. */
class NaiveList {
  readonly tasks: number[] = []

  take(key: Float64Array): number {
    let best = 0
    for (let i = 1; i < this.tasks.length; i++)
      if (key[this.tasks[i]] > key[this.tasks[best]]) best = i
    return this.removeAt(best)
  }

  removeAt(place: number): number {
    const task = this.tasks[place]
    this.tasks[place] = this.tasks[this.tasks.length - 1]
    this.tasks.pop()
    return task
  }
}

test('takes what a look at every place would take, over several blocks and with many equal keys', () => {
  const step = fc.constantFrom('add', 'add', 'take 0', 'take 1', 'remove')
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(step, { maxLength: 600 }),
      fc.infiniteStream(fc.nat(1e6)),
      (first, distinct, steps, numbers) => {
        const draw = (below: number): number => (numbers.next().value ?? 0) % below
        const tasks = first + steps.length
        const keys = [0, 1].map(() => Float64Array.from({ length: tasks }, () => draw(distinct)))
        const list = new ReadyList(tasks, keys)
        const naive = new NaiveList()
        list.clear()
        let next = 0
        const add = (): void => {
          list.add(next)
          naive.tasks.push(next++)
        }
        for (let i = 0; i < first; i++) add()
        for (const each of steps) {
          if (each === 'add') add()
          else if (naive.tasks.length === 0) continue
          else if (each === 'remove') {
            const place = draw(naive.tasks.length)
            list.remove(naive.tasks[place])
            naive.removeAt(place)
          } else {
            const k = each === 'take 0' ? 0 : 1
            expect(list.take(k)).toBe(naive.take(keys[k]))
          }
          expect([...list.task.subarray(0, list.count)]).toEqual(naive.tasks)
        }
      },
    ),
    { numRuns: 200 },
  )
})
