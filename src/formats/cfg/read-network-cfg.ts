import { InputError, type Diagnostic } from '../../base/index.js'
import type { Layer, Workload } from '../../model/index.js'
import { parseCfg, type CfgSetting } from './parse-cfg.js'
import { indexSections, plainNumber, SettingReader } from './setting-reader.js'

const COLUMNS = ['K', 'B', 'P', 'Q', 'C', 'R', 'S', 'G'] as const

/**
 * How K and C of a grouped layer are meant. `total`: over all groups, as the published tool demands on loading; they are
 * divided. `as-written`: taken as they stand, as the published cost model does (which counts totals G² times).
 */
export type GroupedChannels = 'total' | 'as-written'

/**
 * Reads a network file of the published tool (specification §3): `LABEL=K,B,P,Q,C,R,S,G,stride`. A K or C below G
 * cannot be a total, so such a row is read per group in either way; `channels=per-group` under `[NETWORK]` says so for
 * every row. The form knows neither padding nor topology.
 * @throws InputError with every problem of the file
 */
export function readNetworkCfg(
  text: string,
  file: string,
  channels: GroupedChannels = 'total',
): Workload {
  const problems: Diagnostic[] = []
  const sections = indexSections(parseCfg(text, file), ['NETWORK', 'LAYERS'], problems)
  const network = sections.get('NETWORK')
  const head = network && new SettingReader(network, ['NAME', 'CHANNELS'], problems)
  const written = head?.word('CHANNELS', ['total', 'per-group'], 'total')
  const rows = sections.get('LAYERS')
  if (rows === undefined) {
    problems.push({ code: 'E-CFG-008', at: { file }, message: 'section [LAYERS] is missing' })
  } else if (rows.settings.length === 0) {
    problems.push({ code: 'E-CFG-020', at: rows.at, message: '[LAYERS] holds no layer' })
  }
  const seen = new Map<string, CfgSetting>()
  const layers = (rows?.settings ?? []).flatMap((setting): Layer[] => {
    const label = setting.key.toLowerCase()
    const first = seen.get(label)
    if (first !== undefined) {
      problems.push({
        code: 'E-CFG-021',
        at: setting.at,
        message: `two layers are labelled "${label}"`,
        hint: `line ${first.at.line} has the first; labels do not distinguish upper and lower case`,
      })
      return []
    }
    seen.set(label, setting)
    const layer = readLayer(label, setting, written === 'per-group' ? 'as-written' : channels)
    if ('message' in layer) {
      problems.push({ ...layer, at: setting.valueAt })
      return []
    }
    return [layer]
  })
  if (problems.length > 0) throw new InputError(problems)
  return Object.freeze({
    kind: 'workload',
    name: head?.get('NAME')?.value.toLowerCase() ?? '',
    layers: Object.freeze(layers),
  })
}

function readLayer(
  name: string,
  setting: CfgSetting,
  channels: GroupedChannels,
): Layer | Omit<Diagnostic, 'at'> {
  const words = setting.value.split(',')
  if (words.length !== 9) {
    return {
      code: 'E-CFG-022',
      message: `layer "${name}" has ${words.length} values: expected nine`,
      hint: 'the order is K,B,P,Q,C,R,S,G,stride',
    }
  }
  const values = words.map(plainNumber)
  for (const [i, column] of COLUMNS.entries()) {
    const value = values[i]
    if (value === undefined || !Number.isSafeInteger(value) || value < 1) {
      return {
        code: 'E-CFG-023',
        message: `${column} of layer "${name}" is "${words[i]}": expected a whole number ≥ 1`,
      }
    }
  }
  const [K, B, P, Q, C, R, S, G, stride] = values as number[]
  if (stride === undefined || !Number.isSafeInteger(stride) || stride < 0) {
    return {
      code: 'E-CFG-023',
      message: `the stride of layer "${name}" is "${words[8]}": expected a whole number ≥ 0`,
    }
  }
  if (stride === 0 && (P > 1 || Q > 1)) {
    return {
      code: 'E-CFG-024',
      message: `layer "${name}" has stride 0 and ${P}×${Q} outputs`,
      hint: 'stride 0 is for fully connected layers, with one output point; give the stride',
    }
  }
  const perGroup = K < G || C < G
  if (!perGroup && channels === 'total' && (K % G !== 0 || C % G !== 0)) {
    return {
      code: 'E-CFG-025',
      message: `layer "${name}" has ${G} groups, which do not divide K=${K} and C=${C}`,
      hint: 'K and C count all groups; write channels=per-group under [NETWORK] if they count one',
    }
  }
  const divisor = perGroup || channels === 'as-written' ? 1 : G
  return Object.freeze({
    name,
    operator: 'conv',
    dims: Object.freeze({ B, K: K / divisor, C: C / divisor, OY: P, OX: Q, FY: R, FX: S, G }),
    stride: { y: Math.max(1, stride), x: Math.max(1, stride) },
    dilation: { y: 1, x: 1 },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: { input: 8, weight: 8, output: 8, partialOutput: 16 },
    inputs: Object.freeze([]),
  })
}
