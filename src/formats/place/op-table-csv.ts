import { parse } from 'csv-parse/sync'
import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import type { OpEdge } from '../../model/index.js'
import { timeTable, type PlaceNetwork, type TimeRow } from './place-network.js'

/**
 * Reads a plain table of operations: a header `operation,type,after,<kind>,<kind>…`, one row per operation; `after`
 * lists predecessors by blanks, each `name` or `name:volume`; an empty time means "cannot run there". Lines that begin
 * with `#` are comments.
 * @throws InputError with every problem
 */
export function readOpTable(text: string, file: string): PlaceNetwork {
  const problems: Diagnostic[] = []
  const rows = parse(text, {
    skip_empty_lines: true,
    comment: '#',
    trim: true,
    relax_column_count: true,
    info: true,
  }) as unknown as { record: string[]; info: { lines: number } }[]
  const header = rows[0]?.record ?? []
  if (header[0] !== 'operation') {
    throw new InputError({
      code: 'E-OPT-001',
      at: { file, line: 1, column: 1 },
      message: `expected a header that begins with "operation", found "${header[0] ?? ''}"`,
      hint: 'operation,type,after,npu,cpu',
    })
  }
  const typeColumn = header.indexOf('type')
  const afterColumn = header.indexOf('after')
  const kinds = header
    .map((name, column) => ({ name, column }))
    .filter(({ name }) => !['operation', 'type', 'after'].includes(name))
  const body = rows.slice(1)
  const index = new Map(body.map(({ record }, i) => [record[0], i]))
  const edges: OpEdge[] = []
  const times = new Map<string, TimeRow>()
  body.forEach(({ record, info }, to) => {
    const at = { file, line: info.lines }
    if (index.get(record[0]) !== to)
      problems.push({ code: 'E-OPT-002', at, message: `operation "${record[0]}" appears twice` })
    const row: Record<string, number> = {}
    for (const { name, column } of kinds) {
      const cell = record[column] ?? ''
      if (cell === '') continue
      const time = Number(cell)
      if (!Number.isFinite(time) || time < 0) {
        problems.push({
          code: 'E-OPT-003',
          at,
          message: `the time of "${record[0]}" on ${name} is "${cell}", expected a number ≥ 0`,
        })
      } else row[name] = time
    }
    times.set(record[0], row)
    const after = afterColumn < 0 ? '' : (record[afterColumn] ?? '')
    for (const word of after.split(/\s+/).filter((each) => each !== '')) {
      const [, source, volume] = /^(.*?)(?::([\d.eE+-]+))?$/.exec(word) ?? []
      const from = index.get(source)
      if (from === undefined) {
        problems.push({
          code: 'E-OPT-004',
          at,
          message: `"${record[0]}" comes after "${source}", which is no operation`,
          hint: suggestName(source, index.keys()),
        })
      } else edges.push({ from, to, volume: Number(volume ?? 0) })
    }
  })
  if (body.length === 0)
    problems.push({ code: 'E-OPT-005', at: { file }, message: 'there is no operation' })
  if (problems.length > 0) throw new InputError(problems)
  return {
    form: 'op-table',
    graph: {
      kind: 'op-graph',
      name: file,
      operations: body.map(({ record }) => ({
        name: record[0],
        type: (typeColumn < 0 ? undefined : record[typeColumn]) || 'task',
      })),
      edges,
    },
    costs: timeTable(times),
  }
}
