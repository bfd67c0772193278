import { Command, CommanderError, Help, Option } from 'commander'
import { basename, dirname, join } from 'node:path'
import pc from 'picocolors'
import { formatDiagnostic, InfeasibleError, InputError, suggestName } from '../base/index.js'
import { Interrupted } from './interrupted.js'
import { refuseRepeatedOptions } from './option-repeats.js'
import { wholeNumber } from './options.js'
import { checkFolder } from './out-folder.js'
import { packageVersion as version } from './package-version.js'
import { ProgressLine } from './progress-line.js'
import { defaultThreads, Session, type SharedOptions } from './session.js'
import type { Verb, VerbResult } from './verb.js'
import { verbs } from './verbs/index.js'
import { writeFiles } from './write-files.js'

/** More problems than this are counted instead of listed. */
const MOST_SHOWN = 20

/** Exit status of a program that Ctrl-C ended, as shells give it: whether or not there was something to show. */
const INTERRUPTED = 130

/** Runs one command line and returns its exit status: 0 done, 1 internal error, 2 bad usage or input, 3 no feasible solution, 130 interrupted. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const name = argv[0]
  try {
    if (name === undefined || !(name in verbs)) return topLevel(argv)
    return await runVerb(name, await verbs[name].load(), argv)
  } catch (error) {
    return reportFailure(error, name)
  }
}

function topLevel(argv: readonly string[]): number {
  const program = new Command('heddle')
    .description(
      'Decide how neural networks run on accelerators, from the loop nest to the request queue.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', '\nheddle <verb> --help explains one verb.')
  for (const [verb, { summary }] of Object.entries(verbs))
    program.command(verb).summary(summary).description(summary)
  const name = argv.find((word) => !word.startsWith('-'))
  if (name !== undefined && name !== 'help' && !(name in verbs)) {
    throw new InputError({
      code: 'E-CLI-001',
      message: `unknown verb "${name}"`,
      hint: suggestName(name, Object.keys(verbs)),
    })
  }
  if (name !== undefined && name in verbs) {
    throw new InputError({
      code: 'E-CLI-001',
      message: 'the verb comes first',
      hint: `heddle ${name} [options]`,
    })
  }
  if (argv.length === 0) {
    program.outputHelp()
    return 0
  }
  program.parse(argv, { from: 'user' })
  return 0
}

async function runVerb(name: string, verb: Verb, argv: readonly string[]): Promise<number> {
  const command = new Command(`heddle ${name}`)
    .description(verbs[name].summary)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError()
    .configureHelp({
      // That a switch is off unless it is given goes without saying.
      optionDescription: (option) =>
        new Help().optionDescription(option).replace(/ \(default: false\)$/, ''),
    })
  verb.configure(command)
  for (const option of sharedOptions(verb)) command.addOption(option)
  refuseRepeatedOptions(command)
  parse(command, argv.slice(1))
  const options = command.opts<SharedOptions & Record<string, unknown>>()

  if (options.out !== undefined)
    checkFolder(verb.out === 'file' ? dirname(options.out) : options.out, '--out')
  const line = new ProgressLine(process.stderr, options.quiet)
  const controller = new AbortController()
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED)
    line.note('stopping with what there is so far (press Ctrl-C again to quit at once)')
    controller.abort()
  }
  process.on('SIGINT', onInterrupt)
  try {
    const session = new Session(options, controller.signal, `heddle ${argv.join(' ')}`, line)
    const result = await verb.run(session, options, command.args)
    await show(result, options, line)
    return controller.signal.aborted ? INTERRUPTED : (result.exitStatus ?? 0)
  } catch (error) {
    // A search that was cut short has not shown that there is no answer.
    if (!controller.signal.aborted || !isRefusal(error)) throw error
    throw new Interrupted(error.diagnostics[0].message)
  } finally {
    line.clear()
    process.off('SIGINT', onInterrupt)
  }
}

/** Reads the words after the verb. @throws CommanderError, InputError */
function parse(command: Command, words: readonly string[]): void {
  try {
    command.parse(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError) || error.code !== 'commander.excessArguments')
      throw error
    const expected = command.registeredArguments.map((each) => each.name())
    throw new InputError({
      code: 'E-CLI-002',
      message: `nothing is expected where "${command.args[expected.length]}" stands`,
      hint: `${command.name()} takes ${[...expected, 'options'].join(' and ')}: ${command.name()} --help`,
    })
  }
}

/** The options that every verb takes; those that mean nothing to it are left out of its help. */
function sharedOptions(verb: Verb): Option[] {
  const out =
    verb.out === 'file'
      ? new Option('--out <file>', 'write the result into this file')
      : new Option(
          '--out <dir>',
          'write tables (CSV), charts (SVG) and report.html into this folder',
        )
  return [
    new Option('--json', 'print exactly one JSON document on stdout').default(false),
    out.hideHelp(verb.out === 'nothing'),
    new Option('--seed <n>', 'seed of everything random')
      .argParser(wholeNumber(0, 2 ** 32 - 1))
      .default(1)
      .hideHelp(verb.computes === false),
    new Option('--threads <n>', 'worker threads; never changes the result')
      .argParser(wholeNumber(1, 1024))
      .default(defaultThreads())
      .hideHelp(verb.computes === false),
    new Option('--quiet', 'no progress on stderr').default(false),
  ]
}

async function show(result: VerbResult, options: SharedOptions, line: ProgressLine): Promise<void> {
  const written = await writeResult(result, options.out, line)
  line.clear()
  const text = options.json ? JSON.stringify(result.json) : result.text
  await new Promise<void>((resolve) => process.stdout.write(text + '\n', () => resolve()))
  if (written !== undefined) line.note(`wrote ${written}`)
}

/** Writes what `--out` asks for; returns the path a person should open. */
async function writeResult(
  result: VerbResult,
  out: string | undefined,
  line: ProgressLine,
): Promise<string | undefined> {
  if (out === undefined) return undefined
  line.show(`writing ${out}`)
  if (result.file !== undefined) {
    writeFiles(dirname(out), new Map([[basename(out), result.file()]]))
    return out
  }
  if (result.files === undefined) {
    line.note('there is nothing to write: --out was ignored')
    return undefined
  }
  const files = await result.files()
  writeFiles(out, files)
  return files.has('report.html') ? join(out, 'report.html') : out
}

function isRefusal(error: unknown): error is InputError | InfeasibleError {
  return error instanceof InputError || error instanceof InfeasibleError
}

function reportFailure(error: unknown, name: string | undefined): number {
  const say = (text: string): void => {
    process.stderr.write(text + '\n')
  }
  if (error instanceof CommanderError) {
    // Help and version end here too, with exit code 0.
    if (error.exitCode === 0) return 0
    say(`${pc.red('error')} [E-CLI-002] ${error.message.replace(/^error: /, '')}`)
    say(`see: heddle ${name ?? ''} --help`)
    return 2
  }
  if (isRefusal(error)) {
    const { diagnostics } = error
    for (const diagnostic of diagnostics.slice(0, MOST_SHOWN)) {
      say(`${pc.red('error')} ${formatDiagnostic(diagnostic)}`)
    }
    const more = diagnostics.length - MOST_SHOWN
    if (more > 0) say(`… and ${more} more like these`)
    return error instanceof InputError ? 2 : 3
  }
  if (error instanceof Interrupted) {
    say(`stopped: ${error.message}`)
    return INTERRUPTED
  }
  say(
    `${pc.red('internal error')} in heddle ${version}: this is a defect of Heddle, not of your input.`,
  )
  say('Please report it with the command you ran and the lines below.')
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return 1
}
