import { z } from 'zod'

const perMemory = z.record(z.string(), z.number()).describe('per memory')
const breakdown = z.strictObject({
  energyPj: z.strictObject({ mac: z.number(), memories: perMemory, copies: perMemory }),
  latencyCycles: z.strictObject({
    ideal: z.number(),
    spatialStall: z.number().describe('units that the unrolling leaves idle'),
    temporalStall: z.number().describe('waiting for data'),
    loading: z.number().describe('first data of each layer'),
    copies: z.number().describe('copies between layers'),
  }),
})
const cost = {
  energyPj: z.number(),
  latencyCycles: z.number().describe('with loading and copies, without off-loading (latency1)'),
  latencyWithOffloadCycles: z.number(),
  macs: z.number(),
  tileTypes: z.int().describe('different tiles that the first layer sees'),
  breakdown,
}
const mode = z.enum(['fully-recompute', 'h-cached-v-recompute', 'fully-cached'])
const baseline = z.strictObject(cost).nullable()
const bits = z.record(z.string(), z.number()).describe('bits per memory')

const mapping = z.strictObject({
  kind: z.literal('uneven-mapping'),
  spatial: z.array(
    z.strictObject({ arrayDimension: z.string(), dim: z.string(), factor: z.number() }),
  ),
  loops: z.array(z.strictObject({ dim: z.string(), size: z.number() })).describe('innermost first'),
  cuts: z
    .record(z.string(), z.array(z.int()))
    .describe('per operand and level: how many loops are at this level and below'),
})

const step = z.strictObject({
  layer: z.string().describe('layer, or "input" for the load of an input of the stack'),
  copies: z.array(
    z.strictObject({
      reason: z.string(),
      bits: z.number(),
      way: z.array(z.string()).describe('memories, from the first to the last'),
      energyPj: z.number(),
    }),
  ),
  copyCycles: z.number(),
  copyEnergyPj: z.number(),
  computed: z
    .strictObject({
      columns: z.int(),
      rows: z.int(),
      tops: z.strictObject({
        input: z.string(),
        output: z.string(),
        weight: z.string().nullable(),
        second: z
          .string()
          .nullable()
          .describe('of a product of two feature maps: where the second one lies'),
      }),
      energyPj: z.number(),
      latencyCycles: z.number(),
      macs: z.number(),
      mapping,
      inputBits: z.number(),
      outputBits: z.number(),
    })
    .optional()
    .describe('absent when earlier tiles computed all that is needed'),
  occupancyBits: bits,
})

const stack = z.strictObject({
  layers: z.array(z.string()),
  mode,
  tileX: z.int(),
  tileY: z.int(),
  summary: z.strictObject(cost),
  waiting: z
    .array(
      z.strictObject({
        map: z.string().describe('layer that makes it, or "input"'),
        memory: z.string(),
        bits: z.number(),
        isRead: z.boolean().describe('by the stack'),
        readLater: z.array(z.string()).describe('layers after the stack'),
      }),
    )
    .describe('whole feature maps in the top memory while the stack runs'),
  homes: z.strictObject({
    columns: z.string().nullable(),
    rows: z.string().nullable(),
    weights: z.string(),
  }),
  tileTypes: z.array(
    z.strictObject({
      count: z.int(),
      width: z.int(),
      height: z.int(),
      peakBits: z.number(),
      weightsFrom: z.string(),
      steps: z.array(step),
    }),
  ),
  perLayer: z.array(
    z.strictObject({
      layer: z.string(),
      runs: z.int(),
      macs: z.number(),
      energyPj: z.number(),
      latencyCycles: z.number(),
      breakdown,
    }),
  ),
})

/** `heddle fuse --json`. */
export const fuseResult = z.strictObject({
  accelerator: z.string(),
  network: z.string(),
  conventions: z.enum(['standard', 'published']),
  search: z.strictObject({ kind: z.enum(['optimal', 'loma']), lpfLimit: z.int().optional() }),
  objective: z.enum(['energy', 'latency', 'edp']),
  points: z
    .array(z.strictObject({ mode, tileX: z.int(), tileY: z.int(), ...cost }))
    .describe('one mode and tile for the whole network'),
  infeasible: z.array(
    z.strictObject({ mode, tileX: z.int(), tileY: z.int(), message: z.string() }),
  ),
  best: z.strictObject({
    mode: z.union([mode, z.literal('per-stack')]),
    tileX: z.int().nullable(),
    tileY: z.int().nullable(),
    objective: z.number(),
    ...cost,
    stacks: z.int().describe('number of stacks'),
  }),
  status: z
    .enum(['optimal', 'heuristic'])
    .describe('optimal: nothing better exists in the explored space'),
  proof: z.string().describe('why nothing better exists in the explored space'),
  complete: z.boolean().describe('false when stopped before everything was priced'),
  baselines: z.strictObject({ singleLayer: baseline, layerByLayer: baseline }),
  stacks: z.array(stack).describe('the chosen schedule'),
  reshaped: z
    .array(z.strictObject({ reader: z.string(), map: z.string(), reason: z.string() }))
    .describe('maps that do not lie as they are read: stacks end between such layers'),
  seconds: z.number(),
  evaluations: z.int().describe('mappings whose cost was computed'),
  problems: z
    .strictObject({ asked: z.int(), distinct: z.int() })
    .describe('layers of tiles to be mapped, and how many of them were different'),
  candidates: z
    .strictObject({
      considered: z.int(),
      priced: z.int(),
      pruned: z
        .strictObject({
          byRange: z.int().describe('operations, outputs and maps between stacks alone'),
          byTiles: z.int().describe('with tiles laid out: halos, weights, loads, the array'),
          byLayers: z.int().describe('with exact bounds of the mappings of some layers'),
          byMappings: z.int().describe('with exact bounds of the mappings of all layers'),
        })
        .describe('left out because no schedule with them is as good, by what showed it'),
    })
    .describe('stacks, each with a mode and a tile'),
})

export type FuseDocument = z.infer<typeof fuseResult>
