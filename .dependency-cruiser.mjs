// The rooms and what each may import (see ARCHITECTURE.md). Engines import no npm package and no node:* module.
const rooms = {
  base: [],
  model: ['base'],
  cost: ['base', 'model'],
  map: ['base', 'model', 'cost'],
  fuse: ['base', 'model', 'cost', 'map'],
  place: ['base', 'model'],
  // rtl: the arithmetic of the hardware scheduler, for the policy that runs it.
  serve: ['base', 'model', 'rtl'],
  profile: ['base', 'model', 'cost'],
  rtl: ['base', 'model', 'cost'],
  plan: ['base', 'model', 'cost', 'map', 'fuse', 'place', 'serve', 'profile', 'rtl'],
  // toolchains: the area of hardware is what a synthesis tool says it is.
  reproduce: [
    'base',
    'model',
    'cost',
    'map',
    'fuse',
    'place',
    'serve',
    'profile',
    'rtl',
    'plan',
    'toolchains',
  ],
  formats: ['base', 'model'],
  // Adapters of third-party network runtimes to profile's port; optional peers, loaded only when asked for.
  runtimes: ['base', 'model', 'profile'],
  report: [
    'base',
    'model',
    'cost',
    'map',
    'fuse',
    'place',
    'serve',
    'profile',
    'rtl',
    'plan',
    'reproduce',
  ],
  store: ['base', 'model'],
  // EDA tools compiled to WebAssembly (optional peers), behind two functions: text in, text out.
  toolchains: ['base', 'model'],
  workers: ['base', 'model'],
  presets: ['base', 'model', 'formats'],
}

const npmAllowed = {
  base: ['pure-rand'],
  runtimes: ['onnxruntime-web'],
  formats: ['yaml', 'zod', 'csv-parse', 'fast-png', 'jpeg-js'],
  report: ['@observablehq/plot', 'linkedom', '@resvg/resvg-js', 'wavedrom', 'onml'],
  store: ['hyparquet', 'hyparquet-writer'],
  workers: ['tinypool'],
  toolchains: ['@yowasp/yosys', '@yowasp/nextpnr-ice40'],
  cli: ['commander', 'picocolors'],
}
const nodeAllowed = new Set(['store', 'workers', 'presets', 'cli'])
const names = Object.keys(rooms)

const inward = names.map((room) => ({
  name: `${room}-imports`,
  severity: 'error',
  comment: `${room} may import: ${[room, ...rooms[room]].join(', ')}`,
  from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: `^src/(${[room, ...rooms[room]].join('|')})/` },
}))

const npm = [...names, 'cli'].map((room) => ({
  name: `${room}-npm`,
  severity: 'error',
  comment: `${room} may use npm packages: ${(npmAllowed[room] ?? []).join(', ') || 'none'}`,
  from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'],
    ...(npmAllowed[room] ? { pathNot: `node_modules/(${npmAllowed[room].join('|')})/` } : {}),
  },
}))

const core = names
  .filter((room) => !nodeAllowed.has(room))
  .map((room) => ({
    name: `${room}-pure`,
    severity: 'error',
    comment: `${room} does no I/O: no node:* module`,
    from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
    to: { dependencyTypes: ['core'] },
  }))

// A room is entered only through its index.ts, or the index.ts of a folder in it.
const doors = names.map((room) => ({
  name: `${room}-door`,
  severity: 'error',
  comment: `import ${room} through an index.ts`,
  from: { path: '^src/', pathNot: `(^src/${room}/|\\.test\\.ts$)` },
  to: { path: `^src/${room}/`, pathNot: '/index\\.ts$' },
}))

export default {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'published-is-private',
      severity: 'error',
      comment:
        "a room's published/ folder is entered only by that room's own entry point, reproduce, cli and tests",
      from: { pathNot: '(/published/|index\\.ts$|^src/(reproduce|cli)/|\\.test\\.ts$)' },
      to: { path: '/published/' },
    },
    ...inward,
    ...npm,
    ...core,
    ...doors,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
}
