import { formatNumber, InputError, suggestName } from '../../base/index.js'
import { renderReproduction } from '../../report/reproduce/index.js'
import { textTable } from '../../report/index.js'
import {
  reproductions,
  type ReproducedTable,
  type ReproductionResult,
} from '../../reproduce/index.js'
import type { ReproduceJob } from '../jobs/reproduce.js'
import { commaList, distinct } from '../options.js'
import { reproductionInputs } from '../reproduction-inputs.js'
import type { Session } from '../session.js'
import type { Verb } from '../verb.js'

/** `heddle reproduce SYSTEM [--only PART,…]` */
export const reproduce: Verb = {
  configure(command) {
    command
      .argument('[system]', `one of: ${Object.keys(reproductions).join(', ')}; none lists them`)
      .option(
        '--only <parts>',
        'comma-separated figures and tables; default: all',
        distinct(commaList),
      )
      .option('--traces <dirs>', 'dysta: your own trace folders instead of the synthetic ones')
      .addHelpText(
        'after',
        `
Examples:
  heddle reproduce
  heddle reproduce prism --out report
  heddle reproduce dysta --only fig12,table4 --out report`,
      )
  },
  async run(session, options, [system]) {
    if (system === undefined) return listSystems(session)
    if (!(system in reproductions)) {
      throw new InputError({
        code: 'E-REP-001',
        message: `there is no published system named "${system}"`,
        hint: suggestName(system, Object.keys(reproductions)),
      })
    }
    const started = Date.now()
    const only = options['only'] as string[] | undefined
    const { parts, result } = await compute(
      session,
      system,
      only,
      options['traces'] as string | undefined,
    )
    const seconds = (Date.now() - started) / 1000
    return {
      json: { system, parts, ...result, seconds },
      text: [
        reproductions[system].summary,
        ...result.findings.map((finding) => `- ${finding}`),
        ...(only === undefined ? [] : result.tables.flatMap(printedTable)),
        `${result.figures.length} figures, ${result.tables.length} tables in ${seconds.toFixed(1)} s` +
          (session.shared.out === undefined ? '; --out DIR writes them as SVG, PNG and CSV' : ''),
      ].join('\n'),
      files: () => renderReproduction(reproductions[system].summary, result, session.commandLine),
    }
  },
}

/** Tables of parts that were asked for by name are printed; of everything, they would bury the findings. */
function printedTable({ title, columns, rows }: ReproducedTable): string[] {
  const show = (cell: string | number): string =>
    typeof cell === 'number' ? formatNumber(cell, 4) : cell
  const shown = columns.map((column, i) => ({
    title: column,
    cell: (row: readonly (string | number)[]) => show(row[i]),
    ...(typeof rows[0]?.[i] === 'string' ? { align: 'left' as const } : {}),
  }))
  return ['', title, textTable(shown, rows), '']
}

async function compute(
  session: Session,
  system: string,
  only: readonly string[] | undefined,
  traces: string | undefined,
): Promise<{ parts: readonly string[]; result: ReproductionResult }> {
  const reproduction = await reproductions[system].load()
  const known = Object.keys(reproduction.parts)
  const unknown = (only ?? []).filter((part) => !known.includes(part))
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((part) => ({
        code: 'E-REP-002',
        message: `${system} has no part named "${part}"`,
        hint: suggestName(part, known),
      })),
    )
  }
  const parts = only ?? known
  const jobs = reproduction.plan(parts, reproductionInputs(traces))
  let done = 0
  const results = await session.runJobs<ReproduceJob, unknown>(
    'reproduce',
    jobs.map((job) => ({ system, job })),
    {
      useless: 'figures need all of their points; nothing was written',
      onProgress: (_job, progress) => session.progress(progress.message, done / jobs.length),
      onDone: () => session.progress(`${++done} of ${jobs.length} jobs`, done / jobs.length),
    },
  )
  return { parts, result: reproduction.assemble(parts, jobs, results) }
}

async function listSystems(session: Session): Promise<{ json: unknown; text: string }> {
  const rows = await Promise.all(
    Object.entries(reproductions).map(async ([system, { summary, load }]) => ({
      system,
      summary,
      parts: Object.entries((await load()).parts).map(([name, shows]) => ({ name, shows })),
    })),
  )
  const flat = rows.flatMap((row) => row.parts.map((part) => ({ ...row, ...part })))
  const text = textTable(
    [
      { title: 'system', align: 'left', cell: (row) => row.system },
      { title: 'part', align: 'left', cell: (row) => row.name },
      { title: 'shows', align: 'left', cell: (row) => row.shows },
    ],
    flat,
    session.columns,
  )
  return { json: rows, text }
}
