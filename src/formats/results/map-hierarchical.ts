import { z } from 'zod'
import { layerOperandNames, linkDirections, loopDims } from '../../model/index.js'

const perLink = z
  .record(z.enum(linkDirections), z.number())
  .describe('per data link, seen from the memory')
const cycles = z.number()

/** `heddle map --json` for hierarchical accelerators. */
export const hierarchicalMapResult = z.strictObject({
  model: z.literal('hierarchical'),
  accelerator: z.string(),
  network: z.string(),
  semantics: z
    .enum(['standard', 'published', 'timeloop', 'zigzag', 'nn-dataflow'])
    .describe('whose rules count traffic, energy and cycles'),
  search: z.string(),
  layers: z.array(
    z.strictObject({
      index: z.int().min(1),
      name: z.string(),
      status: z.enum(['optimal', 'gap', 'heuristic']),
      metric: z.enum(['energy', 'cycles', 'edp']),
      objective: z.number(),
      lowerBound: z.number(),
      energyPj: z.number(),
      macEnergyPj: z.number(),
      memoryEnergyPj: z.number(),
      latencyCycles: cycles.describe(
        'standard: with loading and off-loading; published: without off-loading',
      ),
      edp: z.number(),
      macs: z.number(),
      utilization: z.number().describe('ideal cycles over latencyCycles'),
      latency: z.strictObject({
        idealCycles: cycles,
        temporalCycles: cycles,
        stallCycles: cycles,
        loadingCycles: cycles,
        offloadingCycles: cycles,
        computeCycles: cycles,
        loadedCycles: cycles,
        totalCycles: cycles,
      }),
      evaluations: z.int(),
      pruned: z.record(z.string(), z.number()),
      seconds: z.number(),
      mapping: z.strictObject({
        spatial: z.array(
          z.strictObject({
            arrayDimension: z.string(),
            dim: z.enum(loopDims),
            factor: z.number(),
          }),
        ),
        loops: z
          .array(z.strictObject({ dim: z.enum(loopDims), size: z.number() }))
          .describe('temporal loops, innermost first'),
        cuts: z
          .partialRecord(z.enum(layerOperandNames), z.array(z.int()))
          .describe('per operand and memory level: loops at or below it'),
        bypass: z
          .partialRecord(z.enum(['input', 'weight', 'output']), z.array(z.string()))
          .optional()
          .describe('memories that the data pass by; `cuts` leave them out'),
      }),
      operands: z.array(
        z.strictObject({
          name: z.enum(layerOperandNames),
          energyPj: z.number(),
          levels: z.array(
            z.strictObject({
              memory: z.string(),
              energyPj: perLink,
              wordAccesses: perLink,
              elements: z.number().describe('elements that one instance holds'),
              occupancy: z.number().describe('share of the memory that all operands take'),
              doubleBuffered: z.boolean(),
            }),
          ),
        }),
      ),
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
        .optional(),
    }),
  ),
  total: z.strictObject({
    energyPj: z.number(),
    latencyCycles: z.number(),
    edp: z.number(),
    seconds: z.number(),
  }),
})
