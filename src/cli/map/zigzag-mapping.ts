import { existsSync, readFileSync, statSync } from 'node:fs'
import { InputError } from '../../base/index.js'
import { applyZigzagMapping, readZigzagMapping } from '../../formats/zigzag/index.js'
import type { HierarchicalAccelerator, Workload } from '../../model/index.js'
import { readInput, resolveInput } from '../../presets/index.js'
import { formOf } from '../inputs/form-of.js'
import { readZigzagNetwork } from '../network-input.js'

/**
 * The workload with the unrolling of `--mapping`, or as it is without one.
 * @throws InputError
 */
export function unrolledByMapping(
  workload: Workload,
  accelerator: HierarchicalAccelerator,
  options: { readonly network: string; readonly mapping?: string },
): Workload {
  const path = options.mapping
  if (path === undefined) return workload
  if (!existsSync(path) || statSync(path).isDirectory()) {
    throw new InputError({ code: 'E-IN-003', at: { file: path }, message: 'there is no such file' })
  }
  const rules = readZigzagMapping(readFileSync(path, 'utf8'), path)
  return applyZigzagMapping(workload, rules, accelerator, namesOf(options.network))
}

/** How ZigZag's own file calls operators and loops; other forms have no such names. */
function namesOf(network: string) {
  if (/\.onnx$/i.test(resolveInput(network, 'networks'))) return undefined
  const { text, file } = readInput(network, 'networks')
  return formOf(file, text) === 'zigzag-workload' ? readZigzagNetwork(text, file).names : undefined
}
