import { InputError } from '../../base/index.js'
import { zigzagFormOf } from '../../formats/zigzag/index.js'

/** Input forms of `map` and `analyze`, by what their text says. */
export type TableForm =
  | 'accelerator-cfg'
  | 'network-cfg'
  | 'table-cfg'
  | 'table-accelerator'
  | 'network'
  | 'scheduling-table'

const SECTION_FORMS = [
  ['ACCELERATOR', 'accelerator-cfg'],
  ['SCHEDULING_TABLE', 'table-cfg'],
  ['LAYERS', 'network-cfg'],
  ['NETWORK', 'network-cfg'],
  ['LAYER', 'table-cfg'],
  ['LOCAL_BUFFER', 'accelerator-cfg'],
  ['DRAM', 'accelerator-cfg'],
] as const

/** The form that a text claims to be, or undefined: by its .cfg sections, its YAML `kind`, or the keys of
 * Keras and ZigZag. */
export function formOf(file: string, text: string): string | undefined {
  if (/\.cfg$/i.test(file) || /^\s*\[[A-Z_]+\]\s*$/m.test(text)) {
    const sections = new Set([...text.matchAll(/^\s*\[\s*([A-Za-z_]+)/gm)].map((match) => match[1]))
    return SECTION_FORMS.find(([section]) => sections.has(section))?.[1]
  }
  if (/"class_name"\s*:\s*"(Functional|Model|Sequential)"/.test(text)) return 'keras'
  return /^\s*["{]?\s*"?kind"?\s*:\s*"?([\w-]+)/m.exec(text)?.[1] ?? zigzagFormOf(text)
}

/** What to say about a text of the wrong form. */
export function wrongForm(
  file: string,
  found: string | undefined,
  expected: string,
  forms: readonly TableForm[],
): InputError {
  return new InputError({
    code: 'E-IN-005',
    at: { file },
    message:
      found === undefined
        ? `this is not ${expected}: neither a .cfg section nor a "kind:" says what it is`
        : `this is a "${found}" file, expected ${expected}`,
    hint: `write kind: ${forms.filter((form) => !form.endsWith('-cfg')).join(' or ')}, or use the published .cfg form`,
  })
}
