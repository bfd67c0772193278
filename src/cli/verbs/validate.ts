import { InputError, type Diagnostic } from '../../base/index.js'
import { readAnyInput } from '../read-any-input.js'
import type { Verb } from '../verb.js'

interface FileVerdict {
  readonly file: string
  readonly kind: string | null
  readonly diagnostics: readonly Diagnostic[]
}

/** `heddle validate FILE…`: exit status 2 when a file has a problem. */
export const validate: Verb = {
  out: 'nothing',
  computes: false,
  configure(command) {
    command.argument('<file...>', 'files of any input form, recognised by content and extension')
    command.addHelpText(
      'after',
      '\nExample:\n  heddle validate scenario.yaml accelerator.cfg model.onnx',
    )
  },
  async run(session, _options, files) {
    const verdicts = files.map(check)
    const problems = verdicts.flatMap((verdict) => verdict.diagnostics)
    const json = verdicts.map((verdict) => ({
      file: verdict.file,
      kind: verdict.kind,
      valid: verdict.diagnostics.length === 0,
      diagnostics: verdict.diagnostics.map((d) => ({
        code: d.code,
        ...(d.at?.line === undefined ? {} : { line: d.at.line }),
        ...(d.at?.column === undefined ? {} : { column: d.at.column }),
        message: d.message,
        ...(d.hint === undefined ? {} : { hint: d.hint }),
      })),
    }))
    if (problems.length > 0 && !session.shared.json) throw new InputError(problems)
    const text = verdicts.map((verdict) => `${verdict.file}: valid ${verdict.kind}`).join('\n')
    return { json, text, ...(problems.length > 0 ? { exitStatus: 2 as const } : {}) }
  },
}

function check(file: string): FileVerdict {
  try {
    return { file, kind: readAnyInput(file), diagnostics: [] }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { file, kind: null, diagnostics: error.diagnostics }
  }
}
