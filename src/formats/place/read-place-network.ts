import { InputError } from '../../base/index.js'
import { readFlexibleJobShop, readJobShop } from './job-shop.js'
import { readKeras } from './keras.js'
import { readOpGraph } from './op-graph-file.js'
import { readOpTable } from './op-table-csv.js'
import type { PlaceNetwork } from './place-network.js'
import { readSchedulingCase } from './scheduling-case.js'
import { readStg } from './stg.js'
import { readTgff } from './tgff.js'
import { readWfCommons } from './wfcommons.js'

/** One form of network file that `place` reads. */
export interface PlaceNetworkForm {
  readonly form: string
  /** Whether a file looks like this form, by lower-case base name and text. */
  recognises(name: string, text: string): boolean
  read(text: string, file: string): PlaceNetwork
}

const keyed =
  (extension: RegExp, key: RegExp) =>
  (name: string, text: string): boolean =>
    extension.test(name) && key.test(text)

const yamlOrJson = /\.(ya?ml|json)$/

/** Every form, in the order in which they are tried. */
export const placeNetworkForms: readonly PlaceNetworkForm[] = [
  {
    form: 'op-graph',
    recognises: keyed(yamlOrJson, /^["\s{]*kind["\s]*:\s*"?op-graph\b/m),
    read: readOpGraph,
  },
  {
    form: 'scheduling-case',
    recognises: keyed(yamlOrJson, /"?schema"?\s*:\s*"?dag-scheduling-case|"?processors"?\s*:/),
    read: readSchedulingCase,
  },
  {
    form: 'wfcommons',
    recognises: keyed(/\.json$/, /"workflow"\s*:\s*\{/),
    read: readWfCommons,
  },
  {
    form: 'keras',
    recognises: keyed(/\.json$/, /"class_name"\s*:\s*"(Functional|Model|Sequential)"/),
    read: readKeras,
  },
  { form: 'stg', recognises: (name) => name.endsWith('.stg'), read: readStg },
  {
    form: 'tgff',
    recognises: (name, text) => name.endsWith('.tgff') || /^@TASK_GRAPH\b/m.test(text),
    read: readTgff,
  },
  {
    form: 'flexible-job-shop',
    recognises: (name) => name.endsWith('.fjs') || name.endsWith('.fjsp'),
    read: readFlexibleJobShop,
  },
  {
    form: 'job-shop',
    recognises: (name) => name.endsWith('.jsp') || name.endsWith('.jss'),
    read: readJobShop,
  },
  {
    form: 'op-table',
    recognises: keyed(/\.csv$/, /^\s*operation\b/m),
    read: readOpTable,
  },
]

/**
 * Reads a network for `place`, whatever its form.
 * @throws InputError when no form recognises it, or with every problem that the form's reader finds
 */
export function readPlaceNetwork(text: string, file: string): PlaceNetwork {
  const name = file.toLowerCase().split(/[\\/]/).pop() ?? ''
  const form = placeNetworkForms.find((each) => each.recognises(name, text))
  if (form !== undefined) return form.read(text, file)
  const loops = /^\s*kind\s*:\s*network\b/m.test(text)
  throw new InputError({
    code: 'E-NET-101',
    at: { file },
    message: loops
      ? 'this network consists of loop nests and has no execution times'
      : 'this is no form of operation graph that place reads',
    hint: loops
      ? 'heddle plan finds the times with map and places it'
      : `forms: ${placeNetworkForms.map((each) => each.form).join(', ')}`,
  })
}
