import { z } from 'zod'

const factors = z.array(z.int().min(1)).length(8)

/** One mapped layer of `heddle map --json`. */
const mapLayer = z.strictObject({
  index: z.int().min(1).describe('place in the network, from 1'),
  name: z.string(),
  dims: factors.describe('loop bounds K, B, P, Q, C, R, S, G; K and C of one group'),
  status: z
    .enum(['optimal', 'gap', 'heuristic'])
    .describe(
      'optimal: proven; gap: stopped early, lowerBound holds; heuristic: nothing is proven',
    ),
  metric: z.enum(['energy', 'cycles', 'edp']),
  objective: z.number(),
  lowerBound: z.number().describe('no mapping of this layer has a smaller objective'),
  energyPj: z.number(),
  dynamicEnergyPj: z.number(),
  staticEnergyPj: z.number(),
  latencyCycles: z.number(),
  edp: z.number().describe('energyPj × latencyCycles'),
  crossLayerOverlapElements: z
    .number()
    .optional()
    .describe('elements that stay on chip from the layer before; deducted above (--cross-layer)'),
  macs: z.number(),
  utilization: z.number().describe('share of the accelerator’s MAC units at work, 0 … 1'),
  evaluations: z.int(),
  pruned: z.record(z.string(), z.int()).describe('candidates removed without evaluation, per rule'),
  seconds: z.number().describe('0 when another layer of the same shape was searched in its stead'),
  sameAs: z.int().optional().describe('index of the layer whose search this is'),
  strategy: z.string().optional(),
  bottomUpObjective: z.number().optional().describe('of the bottom-up search (--compare)'),
  dataflow: z.record(z.string(), z.string()),
  mapping: z.record(z.string(), factors).describe('factors K, B, P, Q, C, R, S, G by row'),
  components: z.strictObject({
    energyPj: z.record(z.string(), z.number()),
    latencyCycles: z.record(z.string(), z.number()),
  }),
  pareto: z
    .array(
      z.strictObject({
        energyPj: z.number(),
        latencyCycles: z.number(),
        dataflow: z.record(z.string(), z.string()),
        mapping: z.record(z.string(), factors),
      }),
    )
    .optional()
    .describe(
      'mappings that no other beats in both energy and latency, least energy first (--pareto)',
    ),
  paretoComplete: z.boolean().optional().describe('false when the search was stopped early'),
  explanation: z
    .array(
      z.strictObject({
        name: z.string(),
        value: z.number(),
        unit: z.string(),
        formula: z.string(),
        substituted: z.string(),
      }),
    )
    .optional()
    .describe('every figure with its formula and the values put in (--explain)'),
})

/** `heddle map --json`. */
export const mapResult = z.strictObject({
  accelerator: z.string(),
  network: z.string(),
  semantics: z.enum(['standard', 'published']),
  search: z.string(),
  layers: z.array(mapLayer),
  skipped: z.array(z.string()).describe('layers without multiply-accumulates'),
  partition: z
    .strictObject({
      layers: z.array(
        z.strictObject({
          index: z.int().min(1),
          parallel: z.boolean().describe('side by side with the other parallel layers'),
          chips: z.int().min(1),
        }),
      ),
      objective: z.number().describe('of all siblings together, what they share deducted'),
      partitionCost: z.number().optional().describe('published semantics: its own figure'),
    })
    .optional()
    .describe('how sibling layers share the chips (--multi-chip)'),
  total: z.strictObject({
    energyPj: z.number(),
    latencyCycles: z.number(),
    edp: z.number().describe('total energy × total latency'),
    seconds: z.number(),
  }),
})
