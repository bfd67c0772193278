import type { Verb } from '../verb.js'

interface VerbEntry {
  readonly summary: string
  /** Loaded only when the verb is used: the command starts fast however many verbs there are. */
  readonly load: () => Promise<Verb>
}

/** Every verb, in the order that `heddle --help` shows. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  plan: {
    summary: 'schedule a whole scenario: loop nests, cores, requests, in one chain',
    load: async () => (await import('./plan.js')).plan,
  },
  map: {
    summary: 'map every layer of a network onto an accelerator, with a proof of optimality',
    load: async () => (await import('./map.js')).map,
  },
  fuse: {
    summary: 'run layers depth-first in tiles: stacks, tile sizes, what to keep',
    load: async () => (await import('./fuse.js')).fuse,
  },
  place: {
    summary: 'place operations onto the cores of a chip, and when each runs',
    load: async () => (await import('./place.js')).place,
  },
  serve: {
    summary: 'serve a stream of requests under scheduling policies',
    load: async () => (await import('./serve.js')).serve,
  },
  profile: {
    summary: 'measure the sparsity of a model on real inputs, and its time on a sparse accelerator',
    load: async () => (await import('./profile.js')).profile,
  },
  prune: {
    summary: 'remove weights of an ONNX model in a pattern and write the model',
    load: async () => (await import('./prune.js')).prune,
  },
  rtl: {
    summary: 'generate a hardware scheduler in SystemVerilog, with test bench, data sheet and area',
    load: async () => (await import('./rtl.js')).rtl,
  },
  reproduce: {
    summary: 'draw the published figures and tables again',
    load: async () => (await import('./reproduce.js')).reproduce,
  },
  analyze: {
    summary: 'what a given mapping of a layer costs, figure by figure',
    load: async () => (await import('./analyze.js')).analyze,
  },
  import: {
    summary: 'turn an ONNX or Keras model into a network of loop nests',
    load: async () => (await import('./import.js')).importVerb,
  },
  list: {
    summary: 'list the presets that options accept by name',
    load: async () => (await import('./list.js')).list,
  },
  convert: {
    summary: 'rewrite an accelerator, a network or a mapping as YAML or .cfg',
    load: async () => (await import('./convert.js')).convert,
  },
  validate: {
    summary: 'check input files and report every problem with its position',
    load: async () => (await import('./validate.js')).validate,
  },
  schema: {
    summary: 'print the JSON Schema of an input form or of a verb’s --json document',
    load: async () => (await import('./schema.js')).schema,
  },
}
