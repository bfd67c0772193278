import { textTable } from '../src/report/index.js'
import type { BenchRow, Suite } from './bench-row.js'

/** Every suite, by the name that `npm run bench -- NAME` accepts. */
const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  ordering: async () => (await import('./ordering.js')).suite,
  cost: async () => (await import('./cost.js')).suite,
  profile: async () => (await import('./profile.js')).suite,
  place: async () => (await import('./place.js')).suite,
  map: async () => (await import('./map.js')).suite,
  fuse: async () => (await import('./fuse.js')).suite,
  serve: async () => (await import('./serve.js')).suite,
  rtl: async () => (await import('./rtl.js')).suite,
  peers: async () => (await import('./peers.js')).suite,
  'nn-dataflow': async () => (await import('./nn-dataflow.js')).suite,
}

const wanted = process.argv.slice(2)
const names = Object.keys(suites).filter((name) => wanted.length === 0 || wanted.includes(name))
for (const name of names) {
  process.stdout.write(`\n${name}\n`)
  const rows = await (await suites[name]())()
  process.stdout.write(
    textTable<BenchRow>(
      [
        { title: 'case', align: 'left', cell: (row) => row.name },
        { title: 'measured', cell: (row) => row.measured },
        { title: 'target', cell: (row) => row.target ?? '' },
        { title: 'published', cell: (row) => row.published ?? '' },
        { title: 'note', align: 'left', cell: (row) => row.note ?? '' },
      ],
      rows,
    ) + '\n',
  )
}
