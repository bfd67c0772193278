import { z } from 'zod'

const table = z.strictObject({
  name: z.string().describe('file stem of the CSV'),
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.string(), z.number()]))),
})

const system = z.strictObject({
  system: z.string(),
  parts: z.array(z.string()).describe('figures and tables that were reproduced'),
  figures: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      caption: z.string(),
      table,
      chart: z.looseObject({ kind: z.enum(['heatmap', 'bars', 'lines']) }),
    }),
  ),
  tables: z.array(table),
  findings: z.array(z.string()).describe('published statements, confirmed or not'),
  seconds: z.number(),
})

const systems = z.array(
  z.strictObject({
    system: z.string(),
    summary: z.string(),
    parts: z.array(z.strictObject({ name: z.string(), shows: z.string() })),
  }),
)

/** `heddle reproduce [SYSTEM] --json`: the list of systems, or one system's figures and tables. */
export const reproduceResult = z.union([systems, system])
